package io.smc4j.rdma.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A counter in shared memory that threads sleep on until it changes, and that can be unmapped safely: {@link #close} returns
 * when no thread of this process sleeps on it any more, and does not depend on peers for that.
 *
 * <p>Thread-safe.
 */
public final class WaitWord implements AutoCloseable {
    /** Bytes of memory, aligned to 4. */
    public static final long BYTES = 4;

    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();
    private static final long DRAIN_NANOS = 20_000;

    private final MemorySegment memory;
    private final long address;
    private final AtomicInteger sleepers = new AtomicInteger();
    private volatile boolean closed;

    public WaitWord(MemorySegment memory) {
        this.memory = memory.asSlice(0, BYTES, BYTES);
        this.address = memory.address();
    }

    /** The counter now: what to give to {@link #await} after looking at what it guards. */
    public int value() {
        return (int) WORD.getVolatile(memory, 0L);
    }

    /** Sleeps until the counter is no longer {@code seen}, the word is closed, or the time is over; may return early. */
    public void await(int seen, long timeoutNanos) {
        sleepers.incrementAndGet();
        try {
            // either this sees `closed`, or close() sees this sleeper: both are volatile
            if (!closed) {
                Futex.await(address, seen, timeoutNanos);
            }
        } finally {
            sleepers.decrementAndGet();
        }
    }

    /** Changes the counter and wakes up to {@code count} sleepers, in any process. Always a system call. */
    public void signal(int count) {
        WORD.getAndAdd(memory, 0L, 1);
        Futex.wake(address, count);
    }

    /** Changes the counter, so that every sleeper of this process wakes. A system call only if there is one. */
    public void signalOwn() {
        WORD.getAndAdd(memory, 0L, 1); // before looking: who comes later sees that it changed
        if (sleepers.get() != 0) {
            Futex.wake(address, Integer.MAX_VALUE);
        }
    }

    /** Ends every {@link #await} of this process, now and later; then the memory may be unmapped. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        // again and again: a peer could set the counter back to what a sleeper is about to compare it with
        while (sleepers.get() != 0) {
            signal(Integer.MAX_VALUE);
            LockSupport.parkNanos(DRAIN_NANOS);
        }
    }
}
