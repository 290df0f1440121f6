package io.smc4j.protocol.internal;

/** Range checks of record constructors: an invalid value cannot exist, and the error says what was wrong with it. */
public final class Checks {
    private Checks() {}

    /**
     * A number in its range.
     *
     * @throws IllegalArgumentException unless {@code min <= value <= max}
     */
    public static void range(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " must be " + min + " to " + max + ", not " + value);
        }
    }

    /** An unsigned byte. */
    public static void u8(String field, int value) {
        range(field, value, 0, 0xFF);
    }

    /** An unsigned 16-bit number. */
    public static void u16(String field, int value) {
        range(field, value, 0, 0xFFFF);
    }

    /** An unsigned 24-bit number: queue pair numbers and packet sequence numbers. */
    public static void u24(String field, int value) {
        range(field, value, 0, 0xFFFFFF);
    }

    /**
     * Any other rule.
     *
     * @throws IllegalArgumentException with the rule unless it holds
     */
    public static void rule(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
