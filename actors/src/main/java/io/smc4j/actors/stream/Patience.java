package io.smc4j.actors.stream;

import io.smc4j.SmcException;

/**
 * Looks again for a short time before a stage asks to be called back, which costs two threads' wake-ups. Where that has not paid for
 * a while it looks only now and then. One stage's, one direction.
 */
final class Patience {
    private static final int MISSES_BEFORE_DOUBT = 8;
    private static final int TRY_EVERY = 16;
    private static final int LOOKS_PER_CLOCK = 8;

    /** Something to be tried again. */
    @FunctionalInterface
    interface Attempt {
        /** @return whether it is over, one way or the other */
        boolean over() throws SmcException;
    }

    private final long nanos;
    private int misses;

    Patience(long nanos) {
        this.nanos = nanos;
    }

    /** Tries until it is over or the time is. @return whether it is over */
    boolean until(Attempt attempt) throws SmcException {
        if (attempt.over()) {
            misses = 0;
            return true;
        }
        if (nanos == 0 || misses >= MISSES_BEFORE_DOUBT && misses % TRY_EVERY != 0) {
            missed();
            return false;
        }
        long start = System.nanoTime();
        do {
            for (int i = 0; i < LOOKS_PER_CLOCK; i++) {
                Thread.onSpinWait();
                if (attempt.over()) {
                    misses = 0;
                    return true;
                }
            }
        } while (System.nanoTime() - start < nanos);
        missed();
        return false;
    }

    private void missed() {
        misses = misses == Integer.MAX_VALUE ? MISSES_BEFORE_DOUBT : misses + 1;
    }
}
