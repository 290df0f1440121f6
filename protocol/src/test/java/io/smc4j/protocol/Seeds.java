package io.smc4j.protocol;

import java.util.SplittableRandom;

/** Randomness that can be replayed: the seed is printed and {@code -Dsmc4j.test.seed} sets it. */
public final class Seeds {
    /** System property with the seed to replay. */
    public static final String PROPERTY = "smc4j.test.seed";

    private Seeds() {}

    /** A generator for one test, which prints how to repeat it. */
    public static SplittableRandom random(String test) {
        long seed = seed();
        System.out.println(test + ": replay with -D" + PROPERTY + "=" + seed);
        return new SplittableRandom(seed ^ test.hashCode());
    }

    private static long seed() {
        Long given = Long.getLong(PROPERTY);
        return given != null ? given : new SplittableRandom().nextLong();
    }
}
