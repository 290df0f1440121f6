package io.smc4j.actors.datapath;

/**
 * How application threads wait for data or space.
 *
 * @param spinNanos longest time a thread looks at the memory before it sleeps; 0 sleeps at once, {@link #NEVER_SLEEP} never
 * @param looksPerYield looks between two {@code Thread.yield()}s, so that waiting threads leave a busy machine to others
 */
public record WaitSettings(long spinNanos, int looksPerYield) {
    /** As {@link #spinNanos}: looks until there is something. */
    public static final long NEVER_SLEEP = Long.MAX_VALUE;

    /** Longer than it takes to wake a sleeping peer: else two ends that answer each other would sleep for every message. */
    private static final long SPIN_NANOS = 20_000;

    /** None within the spinning time: it is shorter than a time slice, and a sleep follows. */
    private static final int LOOKS_PER_YIELD = Integer.MAX_VALUE;

    /** Some microseconds: what a thread that drives needs to find an answer that is on its way. */
    private static final int LOOKS_ON_FEW_CORES = 16;

    public WaitSettings {
        if (spinNanos < 0 || looksPerYield < 1) {
            throw new IllegalArgumentException("spinNanos must be 0 or more and looksPerYield 1 or more, not "
                    + spinNanos + " and " + looksPerYield);
        }
    }

    /** Whether waiting threads sleep at all. */
    boolean sleeps() {
        return spinNanos != NEVER_SLEEP;
    }

    /** Spins as long as waking a sleeper would take, then sleeps. */
    public static WaitSettings defaults() {
        return new WaitSettings(SPIN_NANOS, LOOKS_PER_YIELD);
    }

    /** For threads that wait for another thread of this process as well: on few cores that one needs theirs. */
    public WaitSettings forFewCores() {
        return Runtime.getRuntime().availableProcessors() <= 4 ? new WaitSettings(spinNanos, LOOKS_ON_FEW_CORES) : this;
    }
}
