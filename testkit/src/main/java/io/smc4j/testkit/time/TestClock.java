package io.smc4j.testkit.time;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * A clock that a test moves. It flows as the system's does, or stands still; in either state it can be moved forward at once, by
 * hours if need be. Whatever follows it ({@link TestScheduler}, devices) is told.
 *
 * <p>Thread-safe.
 */
public final class TestClock implements LongSupplier {
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private final long start = System.nanoTime();
    private long advanced;
    private long stoppedAt;
    private boolean stopped;

    private TestClock() {}

    /** A clock that flows. */
    public static TestClock flowing() {
        return new TestClock();
    }

    /** A clock that stands still until it is moved. */
    public static TestClock standing() {
        TestClock clock = new TestClock();
        clock.stop();
        return clock;
    }

    /** Monotonic nanoseconds. */
    @Override
    public synchronized long getAsLong() {
        return (stopped ? stoppedAt : System.nanoTime()) + advanced;
    }

    /** Time since the clock was made, as it tells it. */
    public Duration elapsed() {
        return Duration.ofNanos(getAsLong() - start);
    }

    /** Stands still from now on. */
    public void stop() {
        synchronized (this) {
            if (!stopped) {
                stoppedAt = System.nanoTime();
                stopped = true;
            }
        }
        moved();
    }

    /** Flows from now on, from the time it shows. */
    public void flow() {
        synchronized (this) {
            if (stopped) {
                advanced += stoppedAt - System.nanoTime();
                stopped = false;
            }
        }
        moved();
    }

    /** Whether it flows by itself. */
    public synchronized boolean isFlowing() {
        return !stopped;
    }

    /** Moves forward at once. Timers that were due before end, in their order, on the threads of their schedulers. */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a clock does not go back, as it would by " + time);
        }
        synchronized (this) {
            advanced += time.toNanos();
        }
        moved();
    }

    /** Tells someone whenever the clock was moved, stopped or started, on the thread that did it. */
    public void follow(Runnable follower) {
        followers.add(follower);
    }

    private void moved() {
        followers.forEach(Runnable::run);
    }

    @Override
    public String toString() {
        return "test clock at " + elapsed() + (isFlowing() ? ", flowing" : ", standing");
    }
}
