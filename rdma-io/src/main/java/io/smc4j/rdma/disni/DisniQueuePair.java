package io.smc4j.rdma.disni;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.Completions;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.RdmaGid;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.SendWorkRequest;
import io.smc4j.rdma.work.WorkId;
import io.smc4j.rdma.work.WorkRing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An RC queue pair that rdma_cm connects. There is none in the adapter before the peers meet: what is received until then is kept
 * here and posted when it is made, still before the peer can send.
 *
 * <p>PSNs, MTU and retries are rdma_cm's affair: those attributes of RTR and RTS have no effect.
 */
final class DisniQueuePair implements QueuePair, DisniDevice.Dependent, Rendezvous.Owner {
    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_REQUESTS = 1 << 15;
    private static final int OPCODES = 2;

    private record Receive(long address, int length, int key) {}

    private final DisniProtectionDomain domain;
    private final DisniCompletionQueue queue;
    private final QueuePairCapacity capacity;
    private final WorkRing sends;
    private final WorkRing receives;
    private final int slot;
    private final long base;
    private final Rendezvous rendezvous;
    private final int number;
    private final Object setUp = new Object();
    private final List<Receive> early = new ArrayList<>();
    private final Jverbs.@Nullable Send[] senders = new Jverbs.Send[OPCODES * (SendWorkRequest.MAX_SEGMENTS + 1)];
    private volatile @Nullable ReceiveCalls receiveCalls; // set last when the adapter's queue pair is made
    private volatile QueuePairState state = QueuePairState.RESET;
    private RdmaGid gid = new RdmaGid(0, 0);

    DisniQueuePair(DisniProtectionDomain domain, DisniCompletionQueue queue, QueuePairCapacity capacity)
            throws RdmaException {
        check(capacity);
        this.domain = domain;
        this.queue = queue;
        this.capacity = capacity;
        sends = new WorkRing(capacity.sendRequests());
        receives = new WorkRing(capacity.receiveRequests());
        DisniDevice device = domain.device();
        slot = device.list(this);
        int generation = device.nextGeneration(slot);
        base = WorkId.base(slot, generation);
        try {
            rendezvous = Rendezvous.listen(device.verbs(), device.address(), this);
        } catch (IOException e) {
            device.unlist(this, slot);
            throw new RdmaException(
                    Category.OUT_OF_RESOURCES,
                    "cannot listen for a queue pair of " + device.name() + " by rdma_cm: " + e.getMessage(),
                    e);
        }
        number = CmNumber.of(rendezvous.port(), generation);
    }

    private static void check(QueuePairCapacity capacity) throws RdmaException {
        if (capacity.sendRequests() < 1
                || capacity.sendRequests() > MAX_REQUESTS
                || capacity.receiveRequests() < 1
                || capacity.receiveRequests() > MAX_REQUESTS
                || capacity.gatherSegments() < 1
                || capacity.gatherSegments() > SendWorkRequest.MAX_SEGMENTS) {
            throw new RdmaException(
                    Category.MISUSE,
                    "%s is out of range: 1..%d requests, 1..%d segments"
                            .formatted(capacity, MAX_REQUESTS, SendWorkRequest.MAX_SEGMENTS));
        }
    }

    @Override
    public boolean dependsOn(Object other) {
        return other == domain || other == queue;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public QueuePairState state() {
        return state;
    }

    // ---- states ----

    @Override
    public void toInit(int portNumber) throws RdmaException {
        gid = domain.device().port(portNumber).gid(); // refuses ports that are not there
        change(QueuePairState.RESET, QueuePairState.INIT);
    }

    @Override
    public void toRtr(RtrAttributes attributes) throws RdmaException {
        RdmaGid remote = attributes.remoteGid();
        int remoteNumber = attributes.remoteQueuePair();
        if (!remote.isIpv4Mapped() || CmNumber.port(remoteNumber) == 0) {
            throw new RdmaException(
                    Category.UNREACHABLE,
                    "the peer's queue pair 0x%06x at %s is not of a disni device: such devices reach each other only"
                            .formatted(remoteNumber, remote));
        }
        change(QueuePairState.INIT, QueuePairState.RTR);
        try {
            rendezvous.begin(
                    CmNumber.address(remote, remoteNumber), CmNumber.connects(gid, number, remote, remoteNumber));
        } catch (IOException e) {
            throw new RdmaException(
                    Category.UNREACHABLE,
                    "%s cannot connect to queue pair 0x%06x at %s: %s"
                            .formatted(this, remoteNumber, remote, e.getMessage()),
                    e);
        }
    }

    @Override
    public void toRts(RtsAttributes attributes) throws RdmaException {
        if (state != QueuePairState.ERROR) { // which may be because there was no connection: that is what to say then
            require(QueuePairState.RTR, QueuePairState.RTS);
        }
        rendezvous.await(CONNECT_NANOS);
        change(QueuePairState.RTR, QueuePairState.RTS);
    }

    private void change(QueuePairState from, QueuePairState to) throws RdmaException {
        synchronized (setUp) {
            require(from, to);
            state = to;
        }
    }

    private void require(QueuePairState from, QueuePairState to) throws RdmaException {
        if (state != from) {
            throw new RdmaException(Category.MISUSE, this + " is in " + state + ": it cannot go to " + to);
        }
    }

    @Override
    public void toError() {
        if (enterError()) {
            rendezvous.disconnect();
        }
    }

    /** @return whether it was not there yet */
    private boolean enterError() {
        synchronized (setUp) {
            if (state == QueuePairState.ERROR || state == QueuePairState.DESTROYED) {
                return false;
            }
            state = QueuePairState.ERROR;
            if (receiveCalls == null) {
                queue.flushLater(this);
            }
            return true;
        }
    }

    @Override
    public void broke() {
        if (enterError()) {
            domain.device().raise(new AsyncEvent.QueuePairFatal(number));
        }
    }

    @Override
    public void make(Jverbs.Id id) throws IOException {
        synchronized (setUp) {
            if (state == QueuePairState.ERROR || state == QueuePairState.DESTROYED) {
                throw new IOException(this + " is in " + state);
            }
            Jverbs.Pair pair = id.createPair(
                    domain.handle(),
                    queue.handle(),
                    capacity.sendRequests(),
                    capacity.receiveRequests(),
                    domain.device().maxInlineBytes());
            boolean complete = false;
            try {
                prepare(pair);
                complete = true;
            } finally {
                if (!complete) {
                    id.destroyPair();
                }
            }
        }
    }

    private void prepare(Jverbs.Pair pair) throws IOException {
        for (int i = 0; i < senders.length; i++) {
            senders[i] = pair.sender(i % OPCODES, i / OPCODES);
        }
        ReceiveCalls calls = new ReceiveCalls(pair, WorkId.of(base, true, 0), capacity.receiveRequests());
        for (Receive receive : early) {
            calls.post(receive.address(), receive.length(), receive.key());
        }
        early.clear();
        receiveCalls = calls;
    }

    // ---- hot path ----

    @Override
    public int postReceive(long workRequestId, long address, int length, int localKey) {
        QueuePairState now = state;
        if (now == QueuePairState.RESET || now == QueuePairState.DESTROYED) {
            return WRONG_STATE;
        }
        if (receives.isFull()) {
            return QUEUE_FULL;
        }
        ReceiveCalls calls = receiveCalls;
        if (calls == null) {
            synchronized (setUp) {
                calls = receiveCalls;
                if (calls == null) {
                    early.add(new Receive(address, length, localKey));
                    receives.posted(workRequestId);
                    flushIfBroken();
                    return OK;
                }
            }
        }
        try {
            calls.post(address, length, localKey);
        } catch (IOException e) {
            return result(e);
        }
        receives.posted(workRequestId);
        return OK;
    }

    private void flushIfBroken() {
        if (state == QueuePairState.ERROR) {
            queue.flushLater(this);
        }
    }

    @Override
    public int postSend(SendWorkRequest request) {
        QueuePairState now = state;
        if (now != QueuePairState.RTS && now != QueuePairState.ERROR) {
            return WRONG_STATE;
        }
        int flags = request.flags();
        int segments = request.segments();
        if (segments > capacity.gatherSegments()
                || (flags & SendWorkRequest.INLINE) != 0
                        && request.totalLength() > domain.device().maxInlineBytes()) {
            return INVALID_REQUEST;
        }
        if (sends.isFull()) {
            return QUEUE_FULL;
        }
        Jverbs.Send sender = receiveCalls == null ? null : senders[segments * OPCODES + request.opcode()];
        if (sender == null) { // it broke before there was one in the adapter
            sends.posted(request.workRequestId());
            queue.flushLater(this);
            return OK;
        }
        sender.request(WorkId.of(base, false, sends.next()), flags, request.remoteAddress(), request.remoteKey());
        for (int i = 0; i < segments; i++) {
            sender.segment(i, request.address(i), request.length(i), request.localKey(i));
        }
        try {
            sender.execute();
        } catch (IOException e) {
            return result(e);
        }
        sends.posted(request.workRequestId());
        return OK;
    }

    /** DiSNI tells the errno by its text only. */
    private static int result(IOException e) {
        return String.valueOf(e.getMessage()).contains("Cannot allocate memory") ? QUEUE_FULL : INVALID_REQUEST;
    }

    /** By the thread that polls: one of its requests completed, if the id is of this incarnation. */
    void completed(long id, int status, int bytes, Completions batch) {
        boolean receive = WorkId.isReceive(id);
        WorkRing ring = receive ? receives : sends;
        int sequence = receive ? receives.oldest() : WorkId.sequence(id); // receives complete in order
        if (WorkId.base(id) != base || !ring.has(sequence)) {
            return;
        }
        boolean success = status == CompletionStatus.SUCCESS.code();
        if (!success && enterError()) {
            rendezvous
                    .disconnectSoon(); // DiSNI cannot ask for a queue pair's state: only so the peer learns that it is
            // broken too
        }
        batch.add(
                ring.completed(sequence), CompletionStatus.of(status), number, receive && success ? bytes : 0, receive);
    }

    /** By the thread that polls: completes what never reached the adapter. @return whether all is done */
    boolean flush(Completions batch) {
        if (receiveCalls != null || state != QueuePairState.ERROR) {
            return true;
        }
        return flush(sends, false, batch) && flush(receives, true, batch);
    }

    private boolean flush(WorkRing ring, boolean receive, Completions batch) {
        while (ring.has(ring.oldest())) {
            if (batch.isFull()) {
                return false;
            }
            batch.add(ring.completed(ring.oldest()), CompletionStatus.WR_FLUSH_ERR, number, 0, receive);
        }
        return true;
    }

    @Override
    public int outstanding() {
        return sends.outstanding() + receives.outstanding();
    }

    @Override
    public void close() {
        synchronized (setUp) {
            if (state == QueuePairState.DESTROYED) {
                return;
            }
            state = QueuePairState.DESTROYED;
        }
        domain.device().unlist(this, slot);
        rendezvous.close();
        sends.clear();
        receives.clear();
        ReceiveCalls calls = receiveCalls;
        if (calls != null) {
            calls.free();
            for (Jverbs.Send sender : senders) {
                if (sender != null) {
                    sender.free();
                }
            }
        }
    }

    @Override
    public String toString() {
        return "queue pair 0x%06x of %s".formatted(number, domain.device().name());
    }
}
