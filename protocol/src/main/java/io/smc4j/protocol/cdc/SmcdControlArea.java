package io.smc4j.protocol.cdc;

import java.nio.ByteOrder;

/**
 * The 32 bytes at the start of a DMB in which an SMC-D peer tells what a CDC message tells in SMC-R; the data ring follows.
 *
 * <pre>
 *  0        1                                                               8
 * +--------+---------------------------------------------------------------+
 * | FE     | reserved (7)                                                   |
 * +--------+--------+-----------------------------------+--------+---------+
 *  8                 10                                  14        15       16
 * +-----------------+-----------------------------------+--------+---------+
 * | producer wrap   | producer count (32)               | unused | unused  |
 * +-----------------+-----------------------------------+--------+---------+
 *  16                18                                  22        23       24
 * +-----------------+-----------------------------------+--------+---------+
 * | consumer wrap   | consumer count (32)               | p.flags| s.flags |
 * +-----------------+-----------------------------------+--------+---------+
 *  24                                                                       32
 * +------------------------------------------------------------------------+
 * | reserved (8)                                                            |
 * +------------------------------------------------------------------------+
 * </pre>
 *
 * <p>Everything is in the byte order of the machine, which both ends share. The two middle rows are the unit of access: each is
 * one aligned long, to be written with a release store and read with an acquire load, so that nobody sees half a cursor. This
 * class packs and unpacks those longs; cursors are the longs of {@link Cursors}. Source: Linux.
 */
public final class SmcdControlArea {
    /** Bytes of the area; the data ring of a DMB is so much smaller than the DMB. */
    public static final int LENGTH = 32;

    /** The first byte. */
    public static final int TYPE = 0xFE;

    /** Offset of the type byte. */
    public static final int OFFSET_TYPE = 0;

    /** Offset of the long that holds the producer cursor. */
    public static final int OFFSET_PRODUCER = 8;

    /** Offset of the long that holds the consumer cursor and both flag bytes. */
    public static final int OFFSET_CONSUMER = 16;

    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private SmcdControlArea() {}

    /** The long at {@link #OFFSET_PRODUCER}. */
    public static long packProducer(int wrap, int count) {
        return packConsumer(wrap, count, 0, 0);
    }

    /** The long at {@link #OFFSET_PRODUCER} for a cursor of {@link Cursors}. */
    public static long packProducer(long cursor) {
        return packConsumer(cursor, 0, 0);
    }

    /** The long at {@link #OFFSET_CONSUMER}. */
    public static long packConsumer(int wrap, int count, int producerFlags, int stateFlags) {
        return packConsumer(Cursors.pack(wrap, count), producerFlags, stateFlags);
    }

    /** The long at {@link #OFFSET_CONSUMER} for a cursor of {@link Cursors}. */
    public static long packConsumer(long cursor, int producerFlags, int stateFlags) {
        return pack(cursor, producerFlags, stateFlags, LITTLE_ENDIAN);
    }

    /** The cursor in either long. */
    public static long cursor(long group) {
        return cursor(group, LITTLE_ENDIAN);
    }

    /** The producer flags in the long at {@link #OFFSET_CONSUMER}. */
    public static int producerFlags(long group) {
        return producerFlags(group, LITTLE_ENDIAN);
    }

    /** The state flags in the long at {@link #OFFSET_CONSUMER}. */
    public static int stateFlags(long group) {
        return stateFlags(group, LITTLE_ENDIAN);
    }

    static long pack(long cursor, int producerFlags, int stateFlags, boolean littleEndian) {
        long wrap = Cursors.wrap(cursor);
        long count = Integer.toUnsignedLong(Cursors.count(cursor));
        long producer = producerFlags & 0xFF;
        long state = stateFlags & 0xFF;
        return littleEndian
                ? wrap | count << 16 | producer << 48 | state << 56
                : wrap << 48 | count << 16 | producer << 8 | state;
    }

    static long cursor(long group, boolean littleEndian) {
        int wrap = (int) (littleEndian ? group : group >>> 48) & 0xFFFF;
        return Cursors.pack(wrap, (int) (group >>> 16));
    }

    static int producerFlags(long group, boolean littleEndian) {
        return (int) (littleEndian ? group >>> 48 : group >>> 8) & 0xFF;
    }

    static int stateFlags(long group, boolean littleEndian) {
        return (int) (littleEndian ? group >>> 56 : group) & 0xFF;
    }
}
