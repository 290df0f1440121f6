package io.smc4j.cli.soak;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What was done to the peers, and when last. One thread. */
final class FaultHistory {
    /** Consequences come this long after a fault at the latest: the longest chain of deadlines in smc4j is shorter. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);
    private final Map<FaultKind, Long> lastEnds = new EnumMap<>(FaultKind.class);
    private final Map<Integer, Long> lastKills = new HashMap<>();

    /** A fault was done. */
    void done(Fault fault) {
        long now = System.nanoTime();
        counts.merge(fault.kind(), 1L, Long::sum);
        lastEnds.merge(fault.kind(), now + TimeUnit.MILLISECONDS.toNanos(fault.millis()), Math::max);
        if (fault.kind() == FaultKind.KILL) {
            lastKills.put(fault.peer(), now);
        }
    }

    /** Whether a fault that can break connections over a transport was there a short time ago. */
    boolean hurtLately(String transport) {
        long now = System.nanoTime();
        return lastEnds.entrySet().stream()
                .anyMatch(end -> end.getKey().hurts(transport) && now - end.getValue() < GRACE_NANOS);
    }

    /** Whether a peer's process was killed after, or shortly before, a time. */
    boolean wasKilledSince(long nanoTime, int peer) {
        Long killed = lastKills.get(peer);
        return killed != null && killed > nanoTime - GRACE_NANOS;
    }

    Map<String, Long> byKind() {
        Map<String, Long> labels = new java.util.TreeMap<>();
        counts.forEach((kind, count) -> labels.put(kind.label(), count));
        return labels;
    }

    long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
