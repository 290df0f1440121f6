package io.smc4j.testkit.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A fault of a script: tells how often it struck, lets go what it holds, and can be called off. Thread-safe.
 */
public final class Fault {
    private final Point point;
    private final Predicate<Operation> predicate;
    private final int first;
    private final int times;
    private final FaultAction action;
    private final AtomicInteger matched = new AtomicInteger();
    private final List<Runnable> held = new ArrayList<>();
    private final List<LateWrite> writes = new CopyOnWriteArrayList<>();
    private int struck;
    private boolean released;
    private volatile boolean cancelled;

    Fault(Point point, Predicate<Operation> predicate, int first, int times, FaultAction action) {
        this.point = point;
        this.predicate = predicate;
        this.first = first;
        this.times = times;
        this.action = action;
    }

    /** What to do to an operation, or null. Counts it. */
    @Nullable
    FaultAction decide(Operation operation) {
        if (cancelled || operation.point() != point || !predicate.test(operation)) {
            return null;
        }
        int nth = matched.incrementAndGet();
        if (nth < first || nth - first >= times) {
            return null;
        }
        return action;
    }

    /** What was decided is done: whoever waits for the fault to strike finds everything in place. */
    synchronized void done() {
        struck++;
        notifyAll();
    }

    /** Something waits for {@link #release}. @param letGo any thread may run it, once */
    void holds(Runnable letGo) {
        synchronized (this) {
            if (!released) {
                held.add(letGo);
                return;
            }
        }
        letGo.run(); // released meanwhile: nothing more is held
    }

    void captured(LateWrite write) {
        writes.add(write);
    }

    /** How often it struck. */
    public synchronized int struck() {
        return struck;
    }

    /** Waits, on the wall clock, until it struck. @throws AssertionError if it does not in time */
    public void awaitStruck(Duration limit) throws InterruptedException {
        awaitStruck(1, limit);
    }

    /** Waits, on the wall clock, until it struck so often. @throws AssertionError if it does not in time */
    public synchronized void awaitStruck(int count, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (struck < count) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new AssertionError(
                        "%s did not strike %d times within %d ms".formatted(this, count, limit.toMillis()));
            }
            wait(millis);
        }
    }

    /** Lets everything go that it holds, and holds nothing from now on. */
    public void release() {
        List<Runnable> all;
        synchronized (this) {
            released = true;
            all = new ArrayList<>(held);
            held.clear();
        }
        all.forEach(Runnable::run);
    }

    /** Strikes no more, and lets everything go. */
    public void cancel() {
        cancelled = true;
        release();
    }

    /** The RDMA writes that it captured, oldest first. */
    public List<LateWrite> writes() {
        return new ArrayList<>(writes);
    }

    @Override
    public synchronized String toString() {
        return "fault at %s (%s, matched %d, struck %d)".formatted(point, action, matched.get(), struck);
    }
}
