package io.smc4j.protocol.cdc;

/**
 * Cursor arithmetic on longs, so that nothing is allocated and a cursor can be read and written in one piece.
 *
 * <pre>
 *  63            48 47            32 31                            0
 * +----------------+----------------+-------------------------------+
 * |       0        | wrap (16 bits) |        count (32 bits)        |    wire: the 8 bytes of a CDC cursor
 * +----------------+----------------+-------------------------------+
 * </pre>
 *
 * <p>The size of a ring is always that of the ring the cursor refers to: the RMBE, or the DMB less its control area.
 * Source: RFC 7609 section 4.4.2 (RMB data handling), spec as Linux does.
 */
public final class Cursors {
    private static final int WRAP_MASK = 0xFFFF;

    private Cursors() {}

    /** A cursor of these parts; only the low 16 bits of wrap count. */
    public static long pack(int wrap, int count) {
        return (long) (wrap & WRAP_MASK) << 32 | Integer.toUnsignedLong(count);
    }

    /** The rounds, 0..65535. */
    public static int wrap(long cursor) {
        return (int) (cursor >>> 32) & WRAP_MASK;
    }

    /** The bytes from the start of the ring; negative if a peer sent 2^31 or more, which {@link #isValid} refuses. */
    public static int count(long cursor) {
        return (int) cursor;
    }

    /** Whether the count lies inside a ring of this size. Cursors from a peer must be checked before they are used. */
    public static boolean isValid(long cursor, int size) {
        return Integer.compareUnsigned((int) cursor, size) < 0;
    }

    /**
     * The cursor so many bytes further.
     *
     * @param by 0..size
     */
    public static long advance(long cursor, int by, int size) {
        int count = (int) cursor + by;
        // Compared unsigned, so that a ring of 2^30 or more could not overflow either.
        return Integer.compareUnsigned(count, size) >= 0
                ? pack(wrap(cursor) + 1, count - size)
                : pack(wrap(cursor), count);
    }

    /**
     * The bytes from one cursor to a later one that is at most one round ahead; 0 if it is behind.
     *
     * @return 0..size
     */
    public static int distance(long from, long to, int size) {
        if (wrap(from) != wrap(to)) {
            return Math.max(0, size - count(from) + count(to));
        }
        return Math.max(0, count(to) - count(from));
    }

    /**
     * As {@link #distance}, but counting every round in between, so that a cursor more than a ring ahead shows as a full ring.
     *
     * @return 0..size
     */
    public static int distanceCapped(long from, long to, int size) {
        int rounds = wrap(to) - wrap(from) & WRAP_MASK;
        long bytes = (long) rounds * size + count(to) - count(from);
        return Math.clamp(bytes, 0, size);
    }

    /**
     * Whether a cursor from the network replaces the one in force: not if it lies behind it. A wrap of 0 is always taken, since
     * 65535 rolls over to it.
     */
    public static boolean accepts(long inForce, long received) {
        int oldWrap = wrap(inForce);
        int newWrap = wrap(received);
        if (oldWrap > newWrap && newWrap != 0) {
            return false;
        }
        return oldWrap != newWrap || Integer.compareUnsigned((int) inForce, (int) received) <= 0;
    }
}
