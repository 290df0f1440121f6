package io.smc4j.actors.datapath;

import java.util.function.BooleanSupplier;

/**
 * Looks at memory for a short time before a thread sleeps. Where that has not paid for a while, it mostly looks only briefly, and
 * tries the whole time now and then: two ends that answer each other come out of the habit of sleeping. One waiting thread.
 */
final class Spinner {
    private static final int LOOKS_PER_CLOCK = 32;
    private static final int MISSES_BEFORE_DOUBT = 8;
    private static final int TRY_EVERY = 16;
    private static final int BRIEF = 8;

    private final long spinNanos;
    private final int looksPerYield;
    private int misses;

    Spinner(WaitSettings settings) {
        spinNanos = settings.spinNanos();
        looksPerYield = settings.looksPerYield();
    }

    /** Spins. @return whether the condition came true in time */
    boolean spin(BooleanSupplier condition) {
        if (condition.getAsBoolean()) {
            return true;
        }
        if (spinNanos == 0) {
            return false;
        }
        boolean doubtful = misses >= MISSES_BEFORE_DOUBT && misses % TRY_EVERY != 0;
        if (look(condition, doubtful ? spinNanos / BRIEF : spinNanos)) {
            misses = 0;
            return true;
        }
        misses = misses == Integer.MAX_VALUE ? MISSES_BEFORE_DOUBT : misses + 1;
        return false;
    }

    private boolean look(BooleanSupplier condition, long nanos) {
        long start = System.nanoTime();
        int yieldIn = looksPerYield;
        int clockIn = Math.min(LOOKS_PER_CLOCK, looksPerYield);
        while (true) {
            if (--yieldIn == 0) {
                yieldIn = looksPerYield;
                if (Yielding.wasLong()) {
                    return condition.getAsBoolean();
                }
            } else {
                Thread.onSpinWait();
            }
            if (condition.getAsBoolean()) {
                return true;
            }
            if (--clockIn == 0) {
                clockIn = Math.min(LOOKS_PER_CLOCK, looksPerYield);
                if (System.nanoTime() - start > nanos) {
                    return false;
                }
            }
        }
    }
}
