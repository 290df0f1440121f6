package io.smc4j.actors.stream;

import io.smc4j.SmcException;

/**
 * Looks again for a short time before a stage asks to be called back, which costs two threads' wake-ups. Where that has not paid for
 * a while it looks briefly, and long only now and then: so two ends that answer each other come out of the habit of sleeping. One stage's, one direction.
 */
final class Patience {
    private static final int MISSES_BEFORE_DOUBT = 8;
    private static final int TRY_EVERY = 16;
    private static final int LOOKS_PER_CLOCK = 8;

    /** In doubt: enough to see the answer of a peer that is looking. */
    private static final int BRIEF = 8;

    /** In doubt, now and then: enough to see the answer of a peer that must be woken, whose brief look then sees ours. */
    private static final int TRIAL = 4;

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
        if (attempt.over() || nanos > 0 && look(attempt, howLong())) {
            misses = 0;
            return true;
        }
        missed();
        return false;
    }

    private long howLong() {
        if (misses < MISSES_BEFORE_DOUBT) {
            return nanos;
        }
        return misses % TRY_EVERY == 0 ? TRIAL * nanos : nanos / BRIEF;
    }

    private static boolean look(Attempt attempt, long time) throws SmcException {
        long start = System.nanoTime();
        do {
            for (int i = 0; i < LOOKS_PER_CLOCK; i++) {
                Thread.onSpinWait();
                if (attempt.over()) {
                    return true;
                }
            }
        } while (System.nanoTime() - start < time);
        return false;
    }

    private void missed() {
        misses = misses == Integer.MAX_VALUE ? MISSES_BEFORE_DOUBT : misses + 1;
    }
}
