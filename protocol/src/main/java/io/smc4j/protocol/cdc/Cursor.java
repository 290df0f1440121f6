package io.smc4j.protocol.cdc;

import io.smc4j.protocol.internal.Checks;

/**
 * A place in a ring, and how often the ring was gone round: the readable form. The hot path uses {@link Cursors} on longs.
 *
 * @param wrap rounds, modulo 65536
 * @param count bytes from the start of the ring, less than the largest ring there is (512 MiB)
 */
public record Cursor(int wrap, int count) {
    /** Where every connection starts. */
    public static final Cursor START = new Cursor(0, 0);

    /** No ring is larger, so every count is smaller. */
    public static final int LARGEST_RING = 1 << 29;

    /** @throws IllegalArgumentException if a number is out of its range */
    public Cursor {
        Checks.u16("cursor wrap", wrap);
        Checks.range("cursor count", count, 0, LARGEST_RING - 1);
    }

    /** The cursor that a long holds. */
    public static Cursor ofPacked(long packed) {
        return new Cursor(Cursors.wrap(packed), Cursors.count(packed));
    }

    /** The long that holds this cursor. */
    public long packed() {
        return Cursors.pack(wrap, count);
    }

    /** {@code (wrap,count)}, as the field writes it. */
    @Override
    public String toString() {
        return "(" + wrap + ',' + count + ')';
    }
}
