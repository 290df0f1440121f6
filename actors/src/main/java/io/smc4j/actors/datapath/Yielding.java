package io.smc4j.actors.datapath;

/**
 * Gives the core away for a moment. On a machine where others want it, a yield costs a whole time slice, and a thread that
 * sleeps instead is woken sooner: so whoever yields learns whether it was long, and then sleeps.
 */
public final class Yielding {
    /** Longer than the scheduler needs to come back when nobody else wants the core. */
    private static final long LONG_NANOS = 100_000;

    private Yielding() {}

    /** Yields, for those who look a few times only. */
    @SuppressWarnings("ThreadPriorityCheck") // whoever does what is looked for may need this core
    public static void pause() {
        Thread.yield();
    }

    /** Yields. @return whether somebody else kept the core for long: do not yield again, sleep */
    @SuppressWarnings(
            "ThreadPriorityCheck") // with more threads than cores, whoever would bring work may need this core
    public static boolean wasLong() {
        long before = System.nanoTime();
        Thread.yield();
        return System.nanoTime() - before > LONG_NANOS;
    }
}
