package io.smc4j.protocol.cdc;

/** The 16-bit numbers that CDC messages of a connection count with; the first is 1, and they go round. */
public final class SequenceNumbers {
    private SequenceNumbers() {}

    /** The number after this one. */
    public static int next(int sequence) {
        return sequence + 1 & 0xFFFF;
    }

    /** The number before this one, for a send that failed to post. */
    public static int previous(int sequence) {
        return sequence - 1 & 0xFFFF;
    }

    /**
     * Whether a number is older than another by serial arithmetic: the shorter way round the circle leads backwards. Equal
     * numbers are not old.
     */
    public static boolean isOlder(int sequence, int than) {
        return (short) (sequence - than) < 0;
    }
}
