package io.smc4j.actors.fake;

import io.smc4j.actors.datapath.SmcdEndpoint;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.RemoteDmb;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One DMB in plain memory, as its owner and as its writer see it; doorbells ring on the writer's thread. */
public final class FakeDmbPair {
    private final Arena arena = Arena.ofShared();
    public final MemorySegment memory;
    private final AtomicInteger interest = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int signals;
    private volatile @Nullable SmcdEndpoint endpoint;

    /** Doorbells that rang. */
    public final AtomicInteger doorbells = new AtomicInteger();

    private static final int THREAD = 1;
    private static final int DOORBELL = 2;

    public FakeDmbPair(int size) {
        memory = arena.allocate(size, 8);
    }

    /** Doorbells go to this endpoint. */
    public void ring(SmcdEndpoint to) {
        endpoint = to;
        to.attached();
    }

    public void close() {
        arena.close();
    }

    public final Dmb own = new Dmb() {
        @Override
        public long token() {
            return 1;
        }

        @Override
        public MemorySegment memory() {
            return memory;
        }

        @Override
        public void requestSignal() {
            interest.getAndUpdate(old -> old | DOORBELL);
        }

        @Override
        public int prepareWait() {
            lock.lock();
            try {
                interest.getAndUpdate(old -> old | THREAD);
                return signals;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void awaitSignal(int seen, long timeoutNanos) {
            lock.lock();
            try {
                long left = timeoutNanos;
                while (signals == seen && left > 0) {
                    left = changed.awaitNanos(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void wakeWaiters() {
            wake();
        }

        @Override
        public void close() {}
    };

    private void wake() {
        lock.lock();
        try {
            signals++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public final RemoteDmb remote = new RemoteDmb() {
        @Override
        public MemorySegment memory() {
            return memory;
        }

        @Override
        public void signal() {
            int wanted = interest.getAndSet(0);
            if ((wanted & THREAD) != 0) {
                wake();
            }
            SmcdEndpoint to = endpoint;
            if ((wanted & DOORBELL) != 0 && to != null) {
                doorbells.incrementAndGet();
                to.onSignal();
            }
        }

        @Override
        public void close() {}
    };
}
