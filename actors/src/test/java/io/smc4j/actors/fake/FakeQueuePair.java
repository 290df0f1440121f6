package io.smc4j.actors.fake;

import io.smc4j.actors.fake.FakeQueue.Done;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.SendWorkRequest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A queue pair whose requests are executed when {@link #step} is called, in order; or lost. */
public final class FakeQueuePair implements QueuePair {
    private record Send(long id, int opcode, int flags, byte[] payload, long remoteAddress, int remoteKey) {}

    private record Receive(long id, long address, int length, int key) {}

    private final FakeFabric fabric;
    private final FakeQueue queue;
    private final QueuePairCapacity capacity;
    private final int number;
    private final ArrayDeque<Send> sends = new ArrayDeque<>();
    private final ArrayDeque<Receive> receives = new ArrayDeque<>();
    private volatile QueuePairState state = QueuePairState.RESET;
    private @Nullable FakeQueuePair peer;
    private final AtomicInteger outstanding = new AtomicInteger();

    /** Result of every post that follows, if not {@link QueuePair#OK}. */
    public int refusal = QueuePair.OK;

    /** Posts that still succeed before {@link #refusal} applies. */
    public int refuseAfter;

    /** Runs at the beginning of every post: in the middle of the owner's turn. */
    public Runnable onPost = () -> {};

    /** Messages (not writes) that the peer got, in order. */
    public final List<byte[]> messages = new ArrayList<>();

    /** Requests executed at the peer whose completion has not come back yet. */
    private final ArrayDeque<Send> acknowledged = new ArrayDeque<>();

    /** Whether completions of executed sends are kept until {@link #acknowledge}. */
    public boolean withholdAcknowledgements;

    FakeQueuePair(FakeFabric fabric, FakeQueue queue, QueuePairCapacity capacity) {
        this.fabric = fabric;
        this.queue = queue;
        this.capacity = capacity;
        this.number = fabric.nextQueuePair.getAndIncrement();
    }

    void joined(FakeQueuePair with) {
        peer = with;
        state = QueuePairState.RTS;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public QueuePairState state() {
        return state;
    }

    @Override
    public void toInit(int port) {
        state = QueuePairState.INIT;
    }

    @Override
    public void toRtr(RtrAttributes attributes) {
        throw new UnsupportedOperationException("join them");
    }

    @Override
    public void toRts(RtsAttributes attributes) {
        throw new UnsupportedOperationException("join them");
    }

    @Override
    public synchronized void toError() {
        if (state == QueuePairState.ERROR || state == QueuePairState.DESTROYED) {
            return;
        }
        state = QueuePairState.ERROR;
        flush();
    }

    private void flush() {
        while (!acknowledged.isEmpty()) {
            complete(acknowledged.remove(), CompletionStatus.WR_FLUSH_ERR);
        }
        while (!sends.isEmpty()) {
            complete(sends.remove(), CompletionStatus.WR_FLUSH_ERR);
        }
        while (!receives.isEmpty()) {
            queue.add(new Done(receives.remove().id(), CompletionStatus.WR_FLUSH_ERR, this, 0, true));
        }
    }

    private void complete(Send send, CompletionStatus status) {
        if (status != CompletionStatus.SUCCESS || (send.flags() & SendWorkRequest.SIGNALED) != 0) {
            queue.add(new Done(send.id(), status, this, 0, false));
        } else {
            outstanding.decrementAndGet();
        }
    }

    @Override
    public synchronized int postReceive(long workRequestId, long address, int length, int localKey) {
        if (state == QueuePairState.RESET || state == QueuePairState.DESTROYED) {
            return WRONG_STATE;
        }
        if (receives.size() == capacity.receiveRequests()) {
            return QUEUE_FULL;
        }
        outstanding.incrementAndGet();
        receives.add(new Receive(workRequestId, address, length, localKey));
        if (state == QueuePairState.ERROR) {
            flush();
        }
        return OK;
    }

    @Override
    public int postSend(SendWorkRequest request) {
        onPost.run();
        synchronized (this) {
            if (refusal != OK && refuseAfter-- <= 0) {
                return refusal;
            }
            if (state != QueuePairState.RTS && state != QueuePairState.ERROR) {
                return WRONG_STATE;
            }
            if (sends.size() + acknowledged.size() == capacity.sendRequests()) {
                return QUEUE_FULL;
            }
            byte[] payload = new byte[request.totalLength()];
            int at = 0;
            for (int i = 0; i < request.segments(); i++) {
                MemorySegment part = fabric.region(request.localKey(i)).slice(request.address(i), request.length(i));
                MemorySegment.copy(part, ValueLayout.JAVA_BYTE, 0, payload, at, request.length(i));
                at += request.length(i);
            }
            outstanding.incrementAndGet();
            sends.add(new Send(
                    request.workRequestId(),
                    request.opcode(),
                    request.flags(),
                    payload,
                    request.remoteAddress(),
                    request.remoteKey()));
            if (state == QueuePairState.ERROR) {
                flush();
            }
        }
        if (fabric.synchronous) {
            step(Integer.MAX_VALUE);
        }
        return OK;
    }

    /** Executes up to so many requests. @return how many */
    public int step(int max) {
        int n = 0;
        while (n < max && stepOne()) {
            n++;
        }
        return n;
    }

    private boolean stepOne() {
        FakeQueuePair to = peer;
        Send send;
        synchronized (this) {
            send = sends.peek();
            if (send == null || to == null || state != QueuePairState.RTS) {
                return false;
            }
        }
        if (!to.executes(send)) {
            return false;
        }
        synchronized (this) {
            if (send.opcode() == SendWorkRequest.OP_SEND) {
                messages.add(send.payload());
            }
            if (sends.poll() != send) {
                return true; // flushed meanwhile
            }
            if (withholdAcknowledgements) {
                acknowledged.add(send);
            } else {
                complete(send, CompletionStatus.SUCCESS);
            }
        }
        return true;
    }

    /** Delivers completions that were withheld. */
    public synchronized void acknowledge() {
        while (!acknowledged.isEmpty()) {
            complete(acknowledged.remove(), CompletionStatus.SUCCESS);
        }
    }

    private synchronized boolean executes(Send send) {
        if (state != QueuePairState.RTR && state != QueuePairState.RTS) {
            return false;
        }
        MemorySegment payload = MemorySegment.ofArray(send.payload());
        if (send.opcode() == SendWorkRequest.OP_RDMA_WRITE) {
            FakeRegion region = fabric.region(send.remoteKey());
            if (!region.remoteWrite) {
                throw new AssertionError("a write into memory that is not open to writes");
            }
            region.slice(send.remoteAddress(), send.payload().length).copyFrom(payload);
            return true;
        }
        Receive receive = receives.poll();
        if (receive == null) {
            return false; // receiver not ready: try again
        }
        fabric.region(receive.key())
                .slice(receive.address(), send.payload().length)
                .copyFrom(payload);
        queue.add(new Done(receive.id(), CompletionStatus.SUCCESS, this, send.payload().length, true));
        return true;
    }

    /** Puts a message into the peer's queue as if it had been sent from here. */
    public boolean inject(byte[] message) {
        FakeQueuePair to = peer;
        return to != null && to.executes(new Send(0, SendWorkRequest.OP_SEND, 0, message, 0, 0));
    }

    @Override
    public int outstanding() {
        return outstanding.get();
    }

    /** A completion of it was polled. */
    void polled() {
        outstanding.decrementAndGet();
    }

    @Override
    public void close() {
        state = QueuePairState.DESTROYED;
    }
}
