package io.smc4j.cli.soak;

import io.smc4j.Transport;
import io.smc4j.testkit.soak.Trouble;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What was done to the peers, and when last. One thread. */
final class FaultHistory {
    /** Consequences come this long after a fault at the latest: the longest chain of deadlines in smc4j is shorter. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(90);

    private static final long JUST_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<PeerProcess, Map<String, Long>> struck = new HashMap<>();
    private final Map<Trouble, Long> lastEnds = new EnumMap<>(Trouble.class);
    private final Map<Integer, Long> lastKills = new HashMap<>();
    private final Map<Integer, Long> lastActorFailures = new HashMap<>();

    /** A fault was ordered, or done. Those that peers carry out are counted by them. */
    void done(Fault fault) {
        long now = System.nanoTime();
        if (fault.kind().isFromOutside()) {
            counts.merge(fault.kind().label(), 1L, Long::sum);
        }
        lastEnds.merge(fault.kind(), now + TimeUnit.MILLISECONDS.toNanos(fault.millis()), Math::max);
        if (fault.kind() == Trouble.KILL) {
            lastKills.put(fault.peer(), now);
        } else if (fault.kind() == Trouble.ACTOR_FAILURE) {
            lastActorFailures.put(fault.peer(), now);
        }
    }

    /** Whether a fault that can break connections over a transport was there a short time ago. */
    boolean hurtLately(String transport) {
        long now = System.nanoTime();
        return Arrays.stream(Transport.values())
                .filter(known -> known.label().equals(transport))
                .anyMatch(known -> lastEnds.entrySet().stream()
                        .anyMatch(end -> end.getKey().hurts(known) && now - end.getValue() < GRACE_NANOS));
    }

    /** Whether a peer's process was killed after, or shortly before, a time. */
    boolean wasKilledSince(long nanoTime, int peer) {
        return since(lastKills.get(peer), nanoTime);
    }

    /** Whether an actor of a peer was to fail after, or shortly before, a time. */
    boolean hadActorFailSince(long nanoTime, int peer) {
        return since(lastActorFailures.get(peer), nanoTime);
    }

    private static boolean since(@Nullable Long happened, long nanoTime) {
        return happened != null && happened > nanoTime - GRACE_NANOS;
    }

    /** Whether a peer's process was killed just now: what its connections over plain TCP show is an end in order. */
    boolean wasJustKilled(int peer) {
        Long killed = lastKills.get(peer);
        return killed != null && System.nanoTime() - killed < JUST_NANOS;
    }

    /** What a process has counted so far. */
    void struck(PeerProcess peer, Map<String, Long> byKind) {
        struck.put(peer, byKind);
    }

    Map<String, Long> byKind() {
        Map<String, Long> all = new TreeMap<>(counts);
        struck.values().forEach(one -> one.forEach((kind, count) -> all.merge(kind, count, Long::sum)));
        return all;
    }

    long total() {
        return byKind().values().stream().mapToLong(Long::longValue).sum();
    }
}
