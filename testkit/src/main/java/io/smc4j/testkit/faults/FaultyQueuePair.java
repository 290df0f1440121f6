package io.smc4j.testkit.faults;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.SendWorkRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A queue pair between a device and its owner. Fields without a remark belong to the owner's thread.
 */
final class FaultyQueuePair implements QueuePair {
    private static final long LONGEST_INSIDE_POST = 100_000_000;

    private record Buffer(long id, long address, int length, int localKey) {}

    /** Sends that were dropped, and are told to have succeeded once those before them have completed. */
    private record Pretended(long after, long id) {}

    private final FaultyDevice device;
    private final FaultyQueue queue;
    private final QueuePair queuePair;
    private final int ordinal;
    private final Gated<HeldPost> heldPosts = new Gated<>();
    private final Gated<Buffer> heldBuffers = new Gated<>();
    private final Gated<Shown> heldSent = new Gated<>();
    private final Gated<Shown> heldReceived = new Gated<>();
    private final Map<Long, Buffer> buffers = new HashMap<>();
    private final List<Long> lost = new ArrayList<>();
    private final ArrayDeque<Pretended> pretended = new ArrayDeque<>();
    private final Map<Long, CompletableFuture<CompletionStatus>> replays = new HashMap<>();
    private long signaledPosted;
    private long signaledCompleted;

    /** What we keep from the device or from the owner; any thread reads it. */
    private final AtomicInteger kept = new AtomicInteger();

    private volatile int port;
    private volatile boolean destroyed;

    FaultyQueuePair(FaultyDevice device, FaultyQueue queue, QueuePair queuePair, int ordinal) {
        this.device = device;
        this.queue = queue;
        this.queuePair = queuePair;
        this.ordinal = ordinal;
    }

    FaultyQueue queue() {
        return queue;
    }

    int ordinal() {
        return ordinal;
    }

    int port() {
        return port;
    }

    @Override
    public int number() {
        return queuePair.number();
    }

    @Override
    public QueuePairState state() {
        return queuePair.state();
    }

    // ---- control ----

    @Override
    public void toInit(int toPort) throws RdmaException {
        queuePair.toInit(toPort);
        port = toPort;
    }

    @Override
    public void toRtr(RtrAttributes attributes) throws RdmaException {
        strikeTransition(Point.TO_RTR);
        queuePair.toRtr(attributes);
    }

    @Override
    public void toRts(RtsAttributes attributes) throws RdmaException {
        strikeTransition(Point.TO_RTS);
        queuePair.toRts(attributes);
    }

    private void strikeTransition(Point point) throws RdmaException {
        device.requirePresent();
        FaultScript.Decision decision =
                device.decide(() -> operation(point, 0, false, -1, false, 0, CompletionStatus.SUCCESS));
        if (decision != null) {
            device.strikeControl(decision, FaultKind.TRANSITION_REFUSED, this, point.toString());
        }
    }

    @Override
    public void toError() {
        queuePair.toError();
        queue.wakeUp();
    }

    @Override
    public int outstanding() {
        return destroyed ? 0 : queuePair.outstanding() + kept.get();
    }

    @Override
    public void close() {
        destroyed = true;
        device.closed(this);
        queuePair.close();
    }

    // ---- posting ----

    @Override
    public int postReceive(long workRequestId, long address, int length, int localKey) {
        Buffer buffer = new Buffer(workRequestId, address, length, localKey);
        FaultScript.Decision decision = device.decide(
                () -> operation(Point.POST_RECEIVE, workRequestId, false, -1, false, length, CompletionStatus.SUCCESS));
        if (decision != null) {
            switch (decision.action()) {
                case FaultAction.Hold hold
                when state() != QueuePairState.ERROR -> {
                    record(FaultKind.RECEIVER_NOT_READY, "a receive buffer");
                    Gated.Gate gate = new Gated.Gate();
                    heldBuffers.close(gate);
                    opens(decision, hold.time(), gate);
                    decision.done();
                }
                case FaultAction.Refuse refuse -> {
                    record(FaultKind.POST_REFUSED, "a receive buffer, code " + refuse.code());
                    decision.done();
                    return refuse.code();
                }
                default -> strike(decision, "post receive");
            }
        }
        if (!heldBuffers.isEmpty()) {
            heldBuffers.add(buffer);
            kept.incrementAndGet();
            device.touched(this);
            return OK;
        }
        return give(buffer);
    }

    private int give(Buffer buffer) {
        int result = queuePair.postReceive(buffer.id(), buffer.address(), buffer.length(), buffer.localKey());
        if (result == OK) {
            buffers.put(buffer.id(), buffer);
        }
        return result;
    }

    @Override
    public int postSend(SendWorkRequest request) {
        boolean signaled = (request.flags() & SendWorkRequest.SIGNALED) != 0;
        FaultScript.Decision decision = device.decide(() -> sending(request));
        if (decision != null) {
            String what = device.describes(sending(request));
            switch (decision.action()) {
                case FaultAction.Drop drop
                when state() == QueuePairState.RTS -> {
                    record(FaultKind.SEND_DROPPED, what + (drop.completes() ? "" : ", and does not complete"));
                    if (signaled || !drop.completes()) {
                        dropped(request.workRequestId(), drop.completes());
                    }
                    decision.done();
                    return OK;
                }
                case FaultAction.Hold hold
                when state() == QueuePairState.RTS -> {
                    record(FaultKind.SEND_DELAYED, what);
                    Gated.Gate gate = new Gated.Gate();
                    heldPosts.close(gate);
                    opens(decision, hold.time(), gate);
                    decision.done();
                }
                case FaultAction.Refuse refuse -> {
                    record(FaultKind.POST_REFUSED, what + ", code " + refuse.code());
                    decision.done();
                    return refuse.code();
                }
                case FaultAction.Capture capture -> capture(request, decision, what);
                case FaultAction.CompleteInside inside
                when signaled && heldPosts.isEmpty() -> {
                    int result = completeInside(request, what);
                    decision.done();
                    return result;
                }
                default -> strike(decision, what);
            }
        }
        if (!heldPosts.isEmpty() && state() == QueuePairState.RTS) {
            heldPosts.add(HeldPost.of(request, device.payload(request)));
            kept.incrementAndGet();
            device.touched(this);
            return OK;
        }
        return post(request);
    }

    private int post(SendWorkRequest request) {
        int result = queuePair.postSend(request);
        if (result == OK && (request.flags() & SendWorkRequest.SIGNALED) != 0) {
            signaledPosted++;
        }
        return result;
    }

    private void dropped(long id, boolean completes) {
        kept.incrementAndGet();
        device.touched(this);
        if (!completes) {
            lost.add(id);
        } else {
            pretended.add(new Pretended(signaledPosted, id));
            pretend();
        }
    }

    /** Tells of dropped sends that they succeeded, as soon as it is their turn. */
    private void pretend() {
        for (Pretended next = pretended.peek();
                next != null && signaledCompleted >= next.after();
                next = pretended.peek()) {
            pretended.remove();
            show(new Shown(this, next.id(), CompletionStatus.SUCCESS, 0, false, true));
        }
    }

    private int completeInside(SendWorkRequest request, String what) {
        int result = post(request);
        if (result == OK) {
            boolean inside = queue.pollUntil(this, request.workRequestId(), LONGEST_INSIDE_POST);
            if (inside) {
                record(FaultKind.COMPLETED_INSIDE_POST, what);
            }
        }
        return result;
    }

    private void capture(SendWorkRequest request, FaultScript.Decision decision, String what) {
        byte[] payload = device.payload(request);
        Fault fault = decision.fault();
        if (payload != null && fault != null) {
            fault.captured(new LateWrite(device, this, payload, request.remoteAddress(), request.remoteKey()));
            record(FaultKind.WRITE_CAPTURED, what);
        }
        decision.done();
    }

    /** Posts a write of our own. @param written what it completes with; owner's thread */
    void replay(SendWorkRequest request, CompletableFuture<CompletionStatus> written) {
        if (destroyed || state() != QueuePairState.RTS) {
            written.complete(CompletionStatus.WR_FLUSH_ERR);
            return;
        }
        int result = queuePair.postSend(request);
        if (result == OK) {
            replays.put(request.workRequestId(), written);
        } else {
            written.complete(CompletionStatus.GENERAL_ERR);
        }
    }

    // ---- completions ----

    /** The device completed a request. */
    void completed(long id, CompletionStatus status, int bytes, boolean receive) {
        CompletableFuture<CompletionStatus> replay = receive ? null : replays.remove(id);
        if (replay != null) {
            replay.complete(status);
            return;
        }
        if (!receive && status == CompletionStatus.SUCCESS) {
            signaledCompleted++;
        }
        Buffer buffer = receive ? buffers.remove(id) : null;
        filter(new Shown(this, id, status, bytes, receive, false), buffer);
        pretend();
    }

    private void filter(Shown shown, @Nullable Buffer buffer) {
        Point point = shown.receive() ? Point.RECEIVED : Point.SENT;
        FaultScript.Decision decision = device.decide(() -> completion(point, shown, buffer));
        if (decision == null) {
            show(shown);
            return;
        }
        String what = device.describes(completion(point, shown, buffer));
        switch (decision.action()) {
            case FaultAction.Drop drop -> {
                if (!shown.receive()) {
                    record(FaultKind.COMPLETION_LOST, what);
                    if (!shown.counted()) {
                        kept.incrementAndGet();
                    }
                } else if (buffer != null && shown.status() == CompletionStatus.SUCCESS && give(buffer) == OK) {
                    record(FaultKind.RECEIVE_DROPPED, what);
                } else {
                    show(shown); // a flushed buffer cannot be given back
                }
                decision.done();
            }
            case FaultAction.Hold hold -> {
                record(FaultKind.COMPLETION_WITHHELD, what);
                Gated.Gate gate = new Gated.Gate();
                (shown.receive() ? heldReceived : heldSent).close(gate);
                opens(decision, hold.time(), gate);
                show(shown);
                decision.done();
            }
            case FaultAction.Duplicate duplicate -> {
                record(FaultKind.COMPLETION_DUPLICATED, what);
                show(shown);
                Shown again = new Shown(this, shown.id(), shown.status(), shown.bytes(), shown.receive(), false);
                if (duplicate.later()) {
                    decision.holds(() -> queue.run(() -> queue.show(again.asStray())));
                } else {
                    show(again);
                }
                decision.done();
            }
            case FaultAction.Status other -> {
                record(FaultKind.STATUS_CHANGED, what + " becomes " + other.status());
                if (other.breaks()) {
                    queuePair.toError();
                }
                show(new Shown(this, shown.id(), other.status(), shown.bytes(), shown.receive(), shown.counted()));
                decision.done();
            }
            default -> {
                strike(decision, what);
                show(shown);
            }
        }
    }

    /** Shows a completion behind those that are withheld. */
    private void show(Shown shown) {
        Gated<Shown> held = shown.receive() ? heldReceived : heldSent;
        if (held.isEmpty()) {
            queue.show(shown.counted() ? shown : shown.count(this));
        } else {
            held.add(shown.counted() ? shown : shown.count(this));
        }
    }

    /** From now on the completion's request is outstanding through us. */
    void keep() {
        kept.incrementAndGet();
    }

    /** The completion is about to be shown. @return false if it is not, because the queue pair is destroyed */
    boolean shows(Shown shown) {
        if (shown.counted()) {
            kept.decrementAndGet();
        }
        return !destroyed || shown.stray();
    }

    // ---- gates ----

    private void opens(FaultScript.Decision decision, Optional<Duration> time, Gated.Gate gate) {
        Runnable open = () -> {
            gate.open();
            drain();
        };
        if (time.isPresent()) {
            queue.runAt(device.now() + time.get().toNanos(), open);
        } else {
            decision.holds(() -> queue.run(open));
        }
    }

    private void drain() {
        if (destroyed) {
            return;
        }
        heldBuffers.passes(buffer -> {
            kept.decrementAndGet();
            if (give(buffer) != OK) {
                completed(buffer.id(), CompletionStatus.WR_FLUSH_ERR, 0, true);
            }
            return true;
        });
        heldPosts.passes(held -> {
            int result = post(held.request());
            if (result == QUEUE_FULL) {
                return false; // the next poll goes on
            }
            kept.decrementAndGet();
            if (result != OK) {
                completed(held.request().workRequestId(), CompletionStatus.WR_FLUSH_ERR, 0, false);
            }
            return true;
        });
        heldReceived.passes(this::ready);
        heldSent.passes(this::ready);
    }

    private boolean ready(Shown shown) {
        queue.show(shown);
        return true;
    }

    /** In every poll, if anything is kept: goes on with what is open, and flushes what waits for the device if the queue pair is broken. */
    void flushIfBroken() {
        drain();
        if (destroyed || state() != QueuePairState.ERROR) {
            return;
        }
        heldPosts.passesAll(held -> {
            kept.decrementAndGet();
            completed(held.request().workRequestId(), CompletionStatus.WR_FLUSH_ERR, 0, false);
        });
        heldBuffers.passesAll(buffer -> {
            kept.decrementAndGet();
            completed(buffer.id(), CompletionStatus.WR_FLUSH_ERR, 0, true);
        });
        for (long id : lost) {
            kept.decrementAndGet();
            completed(id, CompletionStatus.WR_FLUSH_ERR, 0, false);
        }
        lost.clear();
        for (Pretended next = pretended.poll(); next != null; next = pretended.poll()) {
            kept.decrementAndGet();
            completed(next.id(), CompletionStatus.WR_FLUSH_ERR, 0, false);
        }
    }

    /** Whether {@link #flushIfBroken} has anything to look at. */
    boolean isTouched() {
        return !destroyed && !(heldPosts.isEmpty() && heldBuffers.isEmpty() && lost.isEmpty() && pretended.isEmpty());
    }

    // ---- faults that every point has ----

    private void strike(FaultScript.Decision decision, String what) {
        device.strikeAnywhere(decision, this, what);
    }

    void breakNow(String what) {
        record(FaultKind.QUEUE_PAIR_BROKEN, what);
        queuePair.toError();
        device.raiseFatal(this);
    }

    private void record(FaultKind kind, String what) {
        device.record(kind, toString(), what);
    }

    // ---- operations ----

    private Operation sending(SendWorkRequest request) {
        boolean write = request.opcode() == SendWorkRequest.OP_RDMA_WRITE;
        byte[] start = write ? null : device.start(request);
        return operation(
                Point.POST_SEND,
                request.workRequestId(),
                write,
                start == null ? -1 : start[0] & 0xFF,
                start != null && Operation.isResponse(start),
                request.totalLength(),
                CompletionStatus.SUCCESS);
    }

    private Operation completion(Point point, Shown shown, @Nullable Buffer buffer) {
        byte[] start = buffer == null || shown.status() != CompletionStatus.SUCCESS
                ? null
                : device.start(buffer.address(), shown.bytes(), buffer.localKey());
        return operation(
                point,
                shown.id(),
                false,
                start == null ? -1 : start[0] & 0xFF,
                start != null && Operation.isResponse(start),
                shown.bytes(),
                shown.status());
    }

    private Operation operation(
            Point point,
            long id,
            boolean write,
            int messageType,
            boolean response,
            long bytes,
            CompletionStatus status) {
        return new Operation(
                point, device.name(), number(), ordinal, port, write, messageType, response, bytes, status, id);
    }

    @Override
    public String toString() {
        return "queue pair %d (number %#x, port %d) of %s".formatted(ordinal, number(), port, device.name());
    }
}
