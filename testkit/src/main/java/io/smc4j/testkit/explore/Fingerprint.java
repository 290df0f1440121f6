package io.smc4j.testkit.explore;

/**
 * 128 bits of hash over the numbers that describe a state.
 *
 * <p>The explorer remembers states by this hash alone. Two different states with the same hash would be taken for one, and what lies
 * behind the second would not be explored. With n states the chance of that is about n²/2¹²⁹: for ten million states less
 * than 1 in 10²⁴. No violation is ever reported that is not one: traces are replayed on real states.
 */
public final class Fingerprint {
    private long a;
    private long b;

    Fingerprint() {
        reset();
    }

    void reset() {
        a = 0x9E3779B97F4A7C15L;
        b = 0xC2B2AE3D27D4EB4FL;
    }

    /** Adds a number. */
    public Fingerprint add(long value) {
        a = mix((a ^ value) * 0x9FB21C651E98DF25L);
        b = mix((b + value) * 0xD6E8FEB86659FD93L) ^ Long.rotateLeft(a, 23);
        return this;
    }

    /** Adds a yes or no. */
    public Fingerprint add(boolean value) {
        return add(value ? 1 : 2);
    }

    /** Adds a constant of an enum. */
    public Fingerprint add(Enum<?> value) {
        return add(value.ordinal());
    }

    private static long mix(long value) {
        long v = value ^ (value >>> 32);
        v *= 0xBEA225F9EB34556DL;
        return v ^ (v >>> 29);
    }

    long first() {
        return a;
    }

    long second() {
        return mix(b + a);
    }
}
