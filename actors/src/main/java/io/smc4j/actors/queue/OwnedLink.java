package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.CdcSlot;
import io.smc4j.actors.datapath.DataLink;
import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.SendWorkRequest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A link (one queue pair and its control buffers) as its completion queue's owner sees it. One object per incarnation: work
 * requests carry it, so nothing of incarnation 7 reaches incarnation 8.
 *
 * <p>Life: {@link #prepare} (blocking thread), {@link Command.AttachLink}, {@link Command.LinkReady}, …, {@link
 * Command.DetachLink}, then queue pair closed and {@link #free} (blocking thread) by the Link actor. Between attach and detached
 * everything not marked otherwise belongs to the owner's thread.
 */
public final class OwnedLink implements DataLink {
    /** Largest LLC message sent or accepted, in bytes; newer Linux kernels use as much for LLC version 2. */
    public static final int LLC_BYTES = 8192;

    /** LLC messages that may wait for a slot. */
    public static final int LLC_QUEUE = 64;

    /** Private receive buffers. */
    public static final int RECEIVES = 48;

    static final int CDC_SLOTS = 12;
    static final int LLC_SLOTS = 4;

    /** Capacity that the link's queue pair needs: each CDC slot stands for two writes and a send. */
    public static final QueuePairCapacity CAPACITY = new QueuePairCapacity(48, RECEIVES, 2);

    /** Completions that one link can have outstanding. */
    public static final int COMPLETIONS = 96;

    private final QueuePair queuePair;
    private final ProtectionDomain domain;
    private final ControlSlab slab;
    private final int maxInline;
    private final int number;
    private final int incarnation;
    private final LinkRoutes routes;
    private final LinkListener listener;
    private final SendWorkRequest request = new SendWorkRequest();
    private final CdcSlot[] cdcSlots = new CdcSlot[CDC_SLOTS];
    private final boolean[] cdcTaken = new boolean[CDC_SLOTS];
    private final int[] freeCdc = new int[CDC_SLOTS];
    private int freeCdcCount = CDC_SLOTS;
    private final LlcSlots llc;
    private final ReceiveSlots receives;
    private final ArrayDeque<SmcrEndpoint> waitingForSlot = new ArrayDeque<>();
    private final List<SmcrEndpoint> endpoints = new ArrayList<>();

    private volatile @Nullable OwnerLoop loop;
    private int index;
    private int generation;
    private boolean ready;
    private boolean broken;
    private @Nullable OwnedLink movedOn;

    private OwnedLink(
            ProtectionDomain domain,
            QueuePair queuePair,
            ControlSlab slab,
            int maxInline,
            int number,
            int incarnation,
            LinkRoutes routes,
            LinkListener listener) {
        this.domain = domain;
        this.queuePair = queuePair;
        this.slab = slab;
        this.maxInline = maxInline;
        this.number = number;
        this.incarnation = incarnation;
        this.routes = routes;
        this.listener = listener;
        llc = new LlcSlots(this, slab);
        receives = new ReceiveSlots(this, slab);
        for (int i = 0; i < CDC_SLOTS; i++) {
            cdcSlots[i] = new CdcSlot(i, slab.memory(), ControlSlab.cdcOffset(i));
            freeCdc[i] = CDC_SLOTS - 1 - i;
        }
    }

    /**
     * Allocates and registers the link's control buffers. May take milliseconds: on a blocking thread.
     *
     * @param queuePair made with {@link #CAPACITY}; stays the caller's to close
     * @param maxInline {@link io.smc4j.rdma.RdmaDevice#maxInlineBytes}
     * @param linkNumber as the server assigned it
     * @param incarnation of the link, for messages and logs
     * @param routes of the link group, shared by all its links
     */
    public static OwnedLink prepare(
            ProtectionDomain domain,
            QueuePair queuePair,
            int maxInline,
            int linkNumber,
            int incarnation,
            LinkRoutes routes,
            LinkListener listener)
            throws RdmaException {
        return new OwnedLink(
                domain, queuePair, new ControlSlab(domain), maxInline, linkNumber, incarnation, routes, listener);
    }

    /** Deregisters and frees the control buffers; after {@link Reply.LinkDetached} with {@code flushed}. Blocking thread. Idempotent. */
    public void free() {
        slab.close();
    }

    /** Destroys the queue pair, then frees the control buffers; after {@link Reply.LinkDetached}. Blocking thread. */
    public void destroy() {
        queuePair.close();
        free();
    }

    public QueuePair queuePair() {
        return queuePair;
    }

    /** Link number, 1..255. */
    @Override
    public int number() {
        return number;
    }

    public int incarnation() {
        return incarnation;
    }

    /** The owner it is or was attached to; null before. Any thread. */
    public @Nullable CompletionQueueHandle owner() {
        OwnerLoop attached = loop;
        return attached == null ? null : attached.handle();
    }

    @Override
    public String toString() {
        return "link " + number + " (incarnation " + incarnation + ", queue pair " + queuePair.number() + ")";
    }

    @Override
    public ProtectionDomain protectionDomain() {
        return domain;
    }

    // ---- owner's thread from here on ----

    @Nullable
    OwnerLoop loop() {
        return loop;
    }

    LinkRoutes routes() {
        return routes;
    }

    List<SmcrEndpoint> endpoints() {
        return endpoints;
    }

    LlcSlots llc() {
        return llc;
    }

    int index() {
        return index;
    }

    int generation() {
        return generation;
    }

    /** Its endpoints are moved to another link: those that are still on their way here must follow. */
    void moveOn(OwnedLink to) {
        movedOn = to;
    }

    @Nullable
    OwnedLink movedOn() {
        return movedOn;
    }

    boolean isBroken() {
        return broken;
    }

    /** Posts the receive buffers. @return null, or why it cannot be attached */
    @Nullable
    String attach(OwnerLoop owner, int tableIndex, int tableGeneration) {
        loop = owner;
        index = tableIndex;
        generation = tableGeneration;
        return receives.postAll();
    }

    ReceiveSlots receives() {
        return receives;
    }

    MemorySegment memory() {
        return slab.memory();
    }

    LinkListener listener() {
        return listener;
    }

    void becomeReady() {
        if (!ready && !broken) {
            ready = true;
            for (SmcrEndpoint endpoint : List.copyOf(endpoints)) {
                endpoint.push();
            }
        }
    }

    /** The queue pair is in RTS, noticed by {@link Command.LinkReady} or by looking. */
    boolean becomesReadyNow() {
        if (!ready && !broken && queuePair.state() == QueuePairState.RTS) {
            becomeReady();
        }
        return sendable();
    }

    @Override
    public boolean sendable() {
        return ready && !broken;
    }

    /** One winner of port event, error completion and failed post: breaks the link and tells its actor. */
    void fail(CompletionStatus status, String detail) {
        if (breakNow()) {
            listener.linkFailed(status, detail);
        }
    }

    /** Breaks the link because its actor asked for it. @return whether it was whole */
    boolean breakNow() {
        if (broken) {
            return false;
        }
        broken = true;
        queuePair.toError();
        waitingForSlot.clear();
        llc.refuseWaiting();
        return true;
    }

    @Override
    public @Nullable CdcSlot takeSlot() {
        if (freeCdcCount == 0) {
            return null;
        }
        int i = freeCdc[--freeCdcCount];
        cdcTaken[i] = true;
        return cdcSlots[i];
    }

    @Override
    public void returnSlot(CdcSlot slot) {
        slot.recycle();
        cdcTaken[slot.index()] = false;
        freeCdc[freeCdcCount++] = slot.index();
    }

    @Override
    public void queueForSlot(SmcrEndpoint endpoint) {
        if (endpoint.beginQueueing(this)) {
            waitingForSlot.add(endpoint);
        }
    }

    /** The taken slot that a completion names, or null if it is stale. */
    @Nullable
    CdcSlot cdcSlot(int i, int slotGeneration) {
        return i < CDC_SLOTS && cdcTaken[i] && cdcSlots[i].generation() == slotGeneration ? cdcSlots[i] : null;
    }

    /** The CDC of a slot completed: frees it and lets waiting endpoints have it. */
    void cdcCompleted(CdcSlot slot, boolean success) {
        SmcrEndpoint endpoint = slot.endpoint();
        if (endpoint != null) {
            endpoint.completed(this, slot, success);
        }
        returnSlot(slot);
        while (freeCdcCount > 0 && !waitingForSlot.isEmpty()) {
            SmcrEndpoint next = waitingForSlot.remove();
            if (next.link() == this) {
                next.endQueueing();
                next.push();
            }
        }
    }

    @Override
    public SendWorkRequest startWrite(CdcSlot slot, long remoteAddress, int remoteKey, int length) {
        return request.write(
                id(WorkRequestId.WRITE, slot),
                remoteAddress,
                remoteKey,
                length <= maxInline ? SendWorkRequest.INLINE : 0);
    }

    @Override
    public int postWrite(int length) {
        int result = queuePair.postSend(request);
        if (result == QueuePair.OK) {
            counters().increment(QueueCounters.Counter.WRITES);
            counters().add(QueueCounters.Counter.BYTES_WRITTEN, length);
        }
        return result;
    }

    @Override
    public int postCdc(CdcSlot slot) {
        int result = postMessage(id(WorkRequestId.CDC, slot), slot.offset(), CdcCodec.LENGTH);
        if (result == QueuePair.OK) {
            counters().increment(QueueCounters.Counter.CDC_SENT);
        }
        return result;
    }

    /** Posts a SEND of control memory, signaled and solicited. */
    int postMessage(long id, long offset, int length) {
        int inline = length <= maxInline ? SendWorkRequest.INLINE : 0;
        request.send(id, SendWorkRequest.SIGNALED | SendWorkRequest.SOLICITED | inline)
                .gather(slab.address(offset), length, slab.localKey());
        return queuePair.postSend(request);
    }

    private long id(int kind, CdcSlot slot) {
        return WorkRequestId.of(kind, index, generation, slot.generation(), slot.index());
    }

    @Override
    public void postFailed(@Nullable CdcSlot kept, int result, String what) {
        fail(CompletionStatus.GENERAL_ERR, what + " could not be posted: " + describe(result));
    }

    QueueCounters counters() {
        OwnerLoop owner = loop;
        if (owner == null) {
            throw new IllegalStateException(this + " is not attached");
        }
        return owner.counters();
    }

    /** Broken, and every request has completed. */
    boolean isFlushed() {
        return broken && receives.isIdle() && freeCdcCount == CDC_SLOTS && llc.isIdle();
    }

    /**
     * The device has nothing outstanding any more, so what we still miss (a write that succeeded before its CDC could be
     * posted leaves no completion) will never come: counts it as flushed.
     */
    void flushSynthetically() {
        settle(false);
    }

    /** The deadline is over: what is outstanding may go on for ever; its memory must be quarantined. */
    void abandon() {
        settle(true);
    }

    private void settle(boolean tainted) {
        receives.settle();
        for (CdcSlot slot : cdcSlots) {
            if (!cdcTaken[slot.index()]) {
                continue;
            }
            SmcrEndpoint endpoint = slot.endpoint();
            if (endpoint != null && tainted) {
                endpoint.abandoned();
            } else if (endpoint != null) {
                endpoint.completed(this, slot, false);
            }
            returnSlot(slot);
        }
        llc.settle();
    }

    static String describe(int result) {
        return switch (result) {
            case QueuePair.QUEUE_FULL -> "the queue is full";
            case QueuePair.WRONG_STATE -> "the queue pair's state does not allow it";
            case QueuePair.INVALID_REQUEST -> "a key, address or length is not valid";
            default -> "code " + result;
        };
    }
}
