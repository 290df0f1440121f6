package io.smc4j.actors.fake;

import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.Completions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A completion queue that can hold back what has completed. */
public final class FakeQueue implements CompletionQueue {
    /** A completion, as a test may inspect, hold, repeat or forge it. */
    public record Done(long id, CompletionStatus status, FakeQueuePair pair, int bytes, boolean receive) {}

    private final ArrayDeque<Done> done = new ArrayDeque<>();
    private final Semaphore wakeUps = new Semaphore(0);

    /** While true, nothing is polled. */
    public boolean withheld;

    /** How many completions may still be polled. */
    public int most = Integer.MAX_VALUE;

    /** Told of each completion at the moment it appears: inside a post, if the device works synchronously. */
    public Consumer<Done> appears = done -> {};

    public int awaits;

    /** Nanoseconds of the last await. */
    public long lastAwait;

    /** Runs whenever somebody wakes the owner, on that one's thread: in the middle of a call of an application, for example. */
    public Runnable onWakeUp = () -> {};

    public synchronized void add(Done completion) {
        appears.accept(completion);
        done.add(completion);
        wakeUps.release();
    }

    public synchronized List<Done> pending() {
        return List.copyOf(done);
    }

    @Override
    public synchronized int poll(Completions batch) {
        batch.clear();
        while (!withheld && most > 0 && !batch.isFull() && !done.isEmpty()) {
            most--;
            Done next = done.remove();
            next.pair().polled();
            batch.add(next.id(), next.status(), next.pair().number(), next.bytes(), next.receive());
        }
        return batch.size();
    }

    @Override
    public void arm() {}

    @Override
    public void await(long timeoutNanos) {
        awaits++;
        lastAwait = timeoutNanos;
        try {
            if (wakeUps.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS)) {
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void wakeUp() {
        wakeUps.release();
        onWakeUp.run();
    }

    @Override
    public void close() {}
}
