package io.smc4j.races;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.llc.LlcCodec;
import io.smc4j.protocol.llc.LlcMessage;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.SendWorkRequest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A queue pair at whose other end sits the test. */
final class FakeQpA implements QueuePair {
    private static final long PATIENCE_SECONDS = 20;

    private record Receive(long id, long address, int key) {}

    private final FakeRdmaA device;
    private final int number;
    private final ArrayDeque<Receive> receives = new ArrayDeque<>();
    private final ArrayDeque<Long> withheld = new ArrayDeque<>();
    private final LinkedBlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();
    private final AtomicInteger outstanding = new AtomicInteger();
    private volatile QueuePairState state = QueuePairState.RESET;

    /** What it was told on its way to RTR. */
    volatile @Nullable RtrAttributes rtr;

    /** Whether completions of sends, flushed ones too, are kept back. */
    volatile boolean withholding;

    FakeQpA(FakeRdmaA device, int number) {
        this.device = device;
        this.number = number;
    }

    // ---- the test's end ----

    /** The next LLC message; CDC messages are skipped. */
    LlcMessage next() throws InterruptedException, ProtocolViolation {
        while (true) {
            byte[] message = sent.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("queue pair " + number + ": nothing was sent");
            }
            if (LlcCodec.isLlc(message[0])) {
                return LlcCodec.decode(ByteBuffer.wrap(message));
            }
        }
    }

    <M extends LlcMessage> M expect(Class<M> type) throws InterruptedException, ProtocolViolation {
        return type.cast(next());
    }

    /** Messages sent and not yet looked at. */
    int unread() {
        return sent.size();
    }

    void receive(LlcMessage message) {
        receive(LlcCodec.encode(message));
    }

    synchronized void receive(byte[] message) {
        Receive buffer = receives.poll();
        if (buffer == null || (state != QueuePairState.RTR && state != QueuePairState.RTS)) {
            throw new AssertionError("queue pair " + number + " in " + state + " can receive nothing");
        }
        MemorySegment.copy(
                message,
                0,
                device.memory(buffer.key(), buffer.address(), message.length),
                ValueLayout.JAVA_BYTE,
                0,
                message.length);
        device.complete(buffer.id(), CompletionStatus.SUCCESS, this, message.length, true);
    }

    /** The queue pair breaks by itself, as when its path is lost. */
    void breakNow() {
        toError();
    }

    synchronized void releaseCompletions() {
        withholding = false;
        CompletionStatus status = broken() ? CompletionStatus.WR_FLUSH_ERR : CompletionStatus.SUCCESS;
        while (!withheld.isEmpty()) {
            device.complete(withheld.remove(), status, this, 0, false);
        }
    }

    private boolean broken() {
        return state == QueuePairState.ERROR || state == QueuePairState.DESTROYED;
    }

    // ---- the owner's end ----

    @Override
    public int number() {
        return number;
    }

    @Override
    public QueuePairState state() {
        return state;
    }

    @Override
    public void toInit(int port) throws RdmaException {
        if (device.refusesInit) {
            throw new RdmaException(RdmaException.Category.UNREACHABLE, "the port is gone");
        }
        state = QueuePairState.INIT;
    }

    @Override
    public synchronized void toRtr(RtrAttributes attributes) {
        rtr = attributes;
        state = broken() ? state : QueuePairState.RTR;
    }

    @Override
    public synchronized void toRts(RtsAttributes attributes) {
        state = broken() ? state : QueuePairState.RTS;
    }

    @Override
    public synchronized void toError() {
        if (broken()) {
            return;
        }
        state = QueuePairState.ERROR;
        flush();
    }

    private void flush() {
        while (!receives.isEmpty()) {
            device.complete(receives.remove().id(), CompletionStatus.WR_FLUSH_ERR, this, 0, true);
        }
        if (!withholding) {
            releaseCompletions();
        }
    }

    @Override
    public synchronized int postReceive(long workRequestId, long address, int length, int localKey) {
        outstanding.incrementAndGet();
        receives.add(new Receive(workRequestId, address, localKey));
        if (broken()) {
            flush();
        }
        return OK;
    }

    @Override
    public synchronized int postSend(SendWorkRequest request) {
        if (state != QueuePairState.RTS && state != QueuePairState.ERROR) {
            return WRONG_STATE;
        }
        byte[] payload = new byte[request.totalLength()];
        int at = 0;
        for (int i = 0; i < request.segments(); i++) {
            MemorySegment part = device.memory(request.localKey(i), request.address(i), request.length(i));
            MemorySegment.copy(part, ValueLayout.JAVA_BYTE, 0, payload, at, request.length(i));
            at += request.length(i);
        }
        if (state == QueuePairState.RTS && request.opcode() == SendWorkRequest.OP_SEND) {
            sent.add(payload);
        }
        if ((request.flags() & SendWorkRequest.SIGNALED) != 0) {
            outstanding.incrementAndGet();
            withheld.add(request.workRequestId());
            if (!withholding) {
                releaseCompletions();
            }
        }
        return OK;
    }

    void polled() {
        outstanding.decrementAndGet();
    }

    @Override
    public int outstanding() {
        return outstanding.get();
    }

    @Override
    public void close() {
        state = QueuePairState.DESTROYED;
        device.closed(this);
    }
}
