package io.smc4j.actors.queue;

import java.time.Duration;

/**
 * How an owner (of a completion queue or an ISM device) works and idles.
 *
 * @param batch most completions, dirty endpoints or doorbells handled in one go, so that other messages get their turn
 * @param spinTurns turns without work before it starts to yield
 * @param yieldTurns turns without work, yielding, before it sleeps
 * @param longestSleep longest sleep of an owner that has something to look after; ten times that if it has nothing, and only what
 *     wakes it can concern it
 */
public record OwnerSettings(int batch, int spinTurns, int yieldTurns, Duration longestSleep) {
    public OwnerSettings {
        if (batch < 1 || spinTurns < 0 || yieldTurns < 0 || longestSleep.isNegative() || longestSleep.isZero()) {
            throw new IllegalArgumentException(
                    "batch and longestSleep must be positive, turns not negative: batch " + batch + ", spinTurns "
                            + spinTurns + ", yieldTurns " + yieldTurns + ", longestSleep " + longestSleep);
        }
    }

    /** As {@link #spinTurns} or {@link #yieldTurns}: without end, so that the owner never sleeps. */
    public static final int FOREVER = Integer.MAX_VALUE;

    private static final int IDLE_TIMES = 10;

    /**
     * The longest sleep, nanoseconds.
     *
     * @param idle whether there is nothing that the owner has to look at without being woken
     */
    long sleepNanos(boolean idle) {
        return longestSleep.toNanos() * (idle ? IDLE_TIMES : 1);
    }

    /** Whether an idle owner sleeps in the end. */
    boolean sleeps() {
        return spinTurns != FOREVER && yieldTurns != FOREVER;
    }

    /** Whether application threads may do its work while it is awake: an owner that never sleeps or never looks is not helped. */
    boolean lends() {
        return sleeps() && spinTurns > 0;
    }

    /** For machines of any size: short spinning, 100 ms sleeps. */
    public static OwnerSettings defaults() {
        boolean small = Runtime.getRuntime().availableProcessors() <= 2;
        return new OwnerSettings(64, small ? 10 : 200, 300, Duration.ofMillis(100));
    }
}
