package io.smc4j.testkit.faults;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Every fault that was injected: counted by kind, the newest kept. One log may serve devices, actors and connections of several
 * nodes. Thread-safe.
 */
public final class FaultLog {
    private static final int KEPT = 10_000;

    private final LongSupplier clock;
    private final long start;
    private final ArrayDeque<InjectedFault> newest = new ArrayDeque<>();
    private final EnumMap<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);
    private long last;

    /** @param clock monotonic nanoseconds */
    public FaultLog(LongSupplier clock) {
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /** A log on the system's clock. */
    public FaultLog() {
        this(System::nanoTime);
    }

    /** Writes a fault down. For those who make faults of their own, too. */
    public synchronized void record(FaultKind kind, String node, String target, String detail) {
        newest.add(new InjectedFault(++last, clock.getAsLong() - start, kind, node, target, detail));
        if (newest.size() > KEPT) {
            var _ = newest.removeFirst();
        }
        counts.merge(kind, 1L, Long::sum);
        notifyAll();
    }

    /** The newest ten thousand, oldest first. */
    public synchronized List<InjectedFault> faults() {
        return new ArrayList<>(newest);
    }

    /** How many of a kind there were. */
    public synchronized long count(FaultKind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** How many there were of each kind that occurred. */
    public synchronized Map<FaultKind, Long> counts() {
        return new EnumMap<>(counts.isEmpty() ? new EnumMap<>(FaultKind.class) : counts);
    }

    /** How many there were of all kinds. */
    public synchronized long total() {
        return last;
    }

    /** Waits, on the wall clock, until there were {@code count} of a kind. @throws AssertionError if there are not in time */
    public synchronized void await(FaultKind kind, long count, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (count(kind) < count) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new AssertionError(
                        "no %d faults of kind %s within %d ms; %s".formatted(count, kind, limit.toMillis(), this));
            }
            wait(millis);
        }
    }

    /** The counts, and the newest faults a line each. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder(last + " faults injected");
        if (!counts.isEmpty()) {
            text.append(": ").append(counts);
        }
        newest.stream()
                .skip(Math.max(0, newest.size() - 50))
                .forEach(fault -> text.append("\n  ").append(fault));
        return text.toString();
    }
}
