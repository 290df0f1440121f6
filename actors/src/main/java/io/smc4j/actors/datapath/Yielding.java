package io.smc4j.actors.datapath;

import java.util.function.LongSupplier;

/**
 * Gives the core away for a moment. On a machine where others want it (the JIT compiler is enough), a yield costs a whole time slice,
 * milliseconds, and a thread that sleeps instead is woken sooner: so whoever yields learns whether it was long, and then sleeps; and
 * does not try again for a while. One thread.
 */
public final class Yielding {
    /** Longer than the scheduler needs to come back when nobody else wants the core. */
    private static final long LONG_NANOS = 100_000;

    private static final long LEAST_PAUSE_NANOS = 5_000_000;
    private static final long MOST_PAUSE_NANOS = 80_000_000;

    private final LongSupplier clock;
    private final Runnable yield;

    private boolean pausing;
    private long pausingUntil;
    private long pause = LEAST_PAUSE_NANOS;

    public Yielding() {
        this(System::nanoTime, Yielding::pause);
    }

    /** @param clock monotonic nanoseconds */
    Yielding(LongSupplier clock, Runnable yield) {
        this.clock = clock;
        this.yield = yield;
    }

    /** Yields, for those who look a few times only. */
    @SuppressWarnings("ThreadPriorityCheck") // whoever does what is looked for may need this core
    public static void pause() {
        Thread.yield();
    }

    /**
     * Yields, unless it took long a short while ago.
     *
     * @return whether somebody else kept the core for long, now or then: do not yield again, sleep
     */
    public boolean wasLong() {
        long before = clock.getAsLong();
        if (pausing && before - pausingUntil < 0) {
            return true;
        }
        yield.run();
        long after = clock.getAsLong();
        pausing = after - before > LONG_NANOS;
        if (pausing) {
            pausingUntil = after + pause;
            pause = Math.min(2 * pause, MOST_PAUSE_NANOS);
        } else {
            pause = LEAST_PAUSE_NANOS;
        }
        return pausing;
    }
}
