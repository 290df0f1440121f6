package io.smc4j.actors.datapath;

import io.smc4j.protocol.cdc.Cursors;

/** Cursor distances that keep what {@link Cursors} caps, so that impossible cursors of a peer can be told apart. */
final class Rings {
    private static final int ROUNDS = 1 << 16;

    private Rings() {}

    /**
     * Bytes from one valid cursor forward to another, all rounds counted: 0 to 65536 · size − 1. A cursor slightly behind shows as
     * almost 65536 rounds ahead.
     */
    static long ahead(long from, long to, int size) {
        long bytes = (long) (Cursors.wrap(to) - Cursors.wrap(from) & ROUNDS - 1) * size
                + Cursors.count(to)
                - Cursors.count(from);
        return bytes < 0 ? bytes + (long) ROUNDS * size : bytes;
    }

    /** Whether a distance from {@link #ahead} means at most one round back. */
    static boolean isBehind(long ahead, int size) {
        return ahead >= (long) (ROUNDS - 1) * size;
    }

    /** Window update threshold: a tenth of the ring, at least 2304 bytes (spec: half of Linux's smallest socket send buffer). */
    static int updateLimit(int size) {
        return Math.max(size / 10, 2304);
    }
}
