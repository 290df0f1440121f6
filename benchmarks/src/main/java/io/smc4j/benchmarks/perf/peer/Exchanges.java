package io.smc4j.benchmarks.perf.peer;

import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * The clock of one connection's exchanges: when the next may begin, and how long each took.
 *
 * <p>Closed loop ({@code interval} 0): the next begins when the last has ended. Paced: exchange i is meant to begin at start + i ×
 * interval, and its time counts from then even if it begins later because an earlier one took long. So a stall costs as many late
 * answers as users would have seen (no coordinated omission).
 *
 * <p>Used by one thread at a time. Allocates nothing after construction.
 */
public final class Exchanges {
    private static final long LONGEST_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final Histogram times = new Histogram(LONGEST_NANOS, DIGITS);
    private final LongSupplier clock;
    private final long durationNanos;
    private final long intervalNanos;
    private long begin;
    private long end;
    private long started;
    private long count;

    /** Exchanges for so long, by the system's clock; {@code intervalNanos} between two beginnings, 0 for a closed loop. */
    public Exchanges(long durationNanos, long intervalNanos) {
        this(durationNanos, intervalNanos, System::nanoTime);
    }

    Exchanges(long durationNanos, long intervalNanos, LongSupplier clock) {
        this.clock = clock;
        this.durationNanos = durationNanos;
        this.intervalNanos = intervalNanos;
    }

    /** The first exchange begins now. */
    public void start() {
        begin = clock.getAsLong();
        started = begin;
    }

    /** The exchange that began has ended. @return whether to begin another, after waiting for its time if that has not come */
    public boolean next() {
        long now = clock.getAsLong();
        times.recordValue(Math.min(now - started, LONGEST_NANOS));
        count++;
        end = now;
        if (now - begin >= durationNanos) {
            return false;
        }
        started = intervalNanos == 0 ? now : intended(count);
        return true;
    }

    /** Spins: to sleep would measure how exactly the system wakes threads. */
    private long intended(long index) {
        long intended = begin + index * intervalNanos;
        while (clock.getAsLong() - intended < 0) {
            Thread.onSpinWait();
        }
        return intended;
    }

    public long count() {
        return count;
    }

    /** Time from the first beginning to the last end. */
    public long nanos() {
        return end - begin;
    }

    /** Nanoseconds of each exchange. */
    public Histogram times() {
        return times;
    }
}
