package io.smc4j.cli.soak;

import io.smc4j.testkit.soak.Trouble;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Which fault comes when: the same for the same seed, kinds and rate. Not thread-safe. */
final class FaultSchedule {
    private static final int MOST_ARGUMENT = 1 << 16;

    private final RandomGenerator random;
    private final List<Trouble> kinds;
    private final double perSecond;
    private final int weights;
    private double millis;

    FaultSchedule(long seed, Set<Trouble> kinds, double perSecond) {
        this.random = ConnectionPlan.generator(seed, 0x46415544L, 8);
        this.kinds = kinds.stream().sorted().toList();
        this.perSecond = perSecond;
        this.weights = this.kinds.stream().mapToInt(Trouble::weight).sum();
    }

    /** Whether there is any fault at all. */
    boolean isEmpty() {
        return kinds.isEmpty() || perSecond <= 0;
    }

    /** The next one; there is always one more. */
    Fault next() {
        millis += 1000 / perSecond * (0.5 + random.nextDouble());
        Trouble kind = pick();
        int lasts = kind.leastMillis() + random.nextInt(kind.mostMillis() - kind.leastMillis() + 1);
        return new Fault((long) millis, kind, random.nextInt(2), lasts, random.nextInt(MOST_ARGUMENT));
    }

    private Trouble pick() {
        int left = random.nextInt(weights);
        for (Trouble kind : kinds) {
            left -= kind.weight();
            if (left < 0) {
                return kind;
            }
        }
        return kinds.getLast();
    }
}
