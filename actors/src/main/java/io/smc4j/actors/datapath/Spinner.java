package io.smc4j.actors.datapath;

import java.util.concurrent.locks.LockSupport;
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

    /** A driver's try is so much longer: until both peers drive, a message costs the wake-ups of an owner and of a thread on each side. */
    private static final int DRIVERS_TRY = 12;

    private final long spinNanos;
    private final int looksPerYield;
    private final boolean sleeps;
    private final long tryNanos;
    private final Yielding yielding = new Yielding();
    private int misses;
    private int hits;

    /** For a thread that looks at memory only. */
    Spinner(WaitSettings settings) {
        this(settings, 1);
    }

    /** For a thread that drives while it looks ({@link Driver}). */
    static Spinner driving(WaitSettings settings) {
        return new Spinner(settings, DRIVERS_TRY);
    }

    private Spinner(WaitSettings settings, int tryFactor) {
        tryNanos = settings.sleeps() ? settings.spinNanos() * tryFactor : 0;
        spinNanos = settings.spinNanos();
        looksPerYield = settings.looksPerYield();
        sleeps = settings.sleeps();
    }

    /**
     * Spins.
     *
     * @param timeoutNanos longest wait of the caller
     * @return whether waiting is over: the condition came true in time, or the time is over; else the caller sleeps
     */
    boolean spin(BooleanSupplier condition, long timeoutNanos) throws InterruptedException {
        if (condition.getAsBoolean()) {
            return true;
        }
        if (!sleeps) {
            stayAwake(condition, timeoutNanos);
            return true;
        }
        if (spinNanos == 0) {
            return false;
        }
        if (look(
                condition,
                misses < MISSES_BEFORE_DOUBT ? spinNanos : misses % TRY_EVERY == 0 ? tryNanos : spinNanos / BRIEF)) {
            misses = 0;
            hits++;
            return true;
        }
        misses = misses == Integer.MAX_VALUE ? MISSES_BEFORE_DOUBT : misses + 1;
        return false;
    }

    /** Whether it looks before it sleeps. */
    boolean looks() {
        return sleeps && spinNanos > 0;
    }

    /** How often in a row waiting was not over in time. */
    int misses() {
        return misses;
    }

    /** How often it was, all in all; wraps. */
    int hits() {
        return hits;
    }

    /** Something has changed that may make looking worth while: no doubts any more. */
    void trust() {
        misses = 0;
    }

    private boolean look(BooleanSupplier condition, long nanos) {
        long start = System.nanoTime();
        int yieldIn = looksPerYield;
        int clockIn = Math.min(LOOKS_PER_CLOCK, looksPerYield);
        while (true) {
            if (--yieldIn == 0) {
                yieldIn = looksPerYield;
                if (yielding.wasLong()) {
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

    /**
     * Looks and never sleeps. A virtual thread yields each time: it would keep its carrier from those it waits for. Now and then it
     * steps out for a moment: a carrier whose own queue is never empty takes up none of those that were started elsewhere.
     */
    private void stayAwake(BooleanSupplier condition, long timeoutNanos) throws InterruptedException {
        long start = System.nanoTime();
        boolean virtual = Thread.currentThread().isVirtual();
        int each = virtual ? 1 : looksPerYield;
        int yieldIn = each;
        int clockIn = LOOKS_PER_CLOCK;
        while (!condition.getAsBoolean()) {
            if (--yieldIn == 0) {
                yieldIn = each;
                Yielding.pause();
            } else {
                Thread.onSpinWait();
            }
            if (--clockIn == 0) {
                clockIn = LOOKS_PER_CLOCK;
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while waiting for a connection");
                }
                if (System.nanoTime() - start > timeoutNanos) {
                    return;
                }
                if (virtual) {
                    LockSupport.parkNanos(1);
                }
            }
        }
    }
}
