package io.smc4j.protocol.cdc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.WireField;
import io.smc4j.protocol.internal.FieldList;
import io.smc4j.protocol.internal.WireReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The CDC message of SMC-R as a flyweight over memory: no object per message, nothing allocated.
 *
 * <pre>
 *  0        1        2                 4                                   8
 * +--------+--------+-----------------+-----------------------------------+
 * | FE     | 2C     | sequence (16)   | alert token of the receiver (32)  |
 * +--------+--------+-----------------+-----------------------------------+
 *  8                 10                12                                  16
 * +-----------------+-----------------+-----------------------------------+
 * | reserved        | producer wrap   | producer count (32)               |
 * +-----------------+-----------------+-----------------------------------+
 *  16                18                20                                  24
 * +-----------------+-----------------+-----------------------------------+
 * | reserved        | consumer wrap   | consumer count (32)               |
 * +-----------------+-----------------+-----------------------------------+
 *  24       25       26                                                    44
 * +--------+--------+-----------------------------------------------------+
 * | p.flags| s.flags| reserved (18)                                       |
 * +--------+--------+-----------------------------------------------------+
 * </pre>
 *
 * <p>Cursors go in and out as the longs of {@link Cursors}; flags are those of {@link CdcFlags}. Check a received message with
 * {@link #check} before reading its fields. Source: RFC 7609 section 4.5, and Linux.
 */
public final class CdcCodec {
    /** Every CDC message has this length. */
    public static final int LENGTH = 44;

    /** The first byte of every CDC message, which no LLC message has. */
    public static final int TYPE = 0xFE;

    /** {@link #check}: a CDC message. */
    public static final int VALID = 0;
    /** {@link #check}: fewer bytes than a message, or more. */
    public static final int WRONG_SIZE = -1;
    /** {@link #check}: the first byte is not {@link #TYPE}. */
    public static final int WRONG_TYPE = -2;
    /** {@link #check}: the length byte is not {@link #LENGTH}. */
    public static final int WRONG_LENGTH = -3;

    private static final int OFFSET_TYPE = 0;
    private static final int OFFSET_LENGTH = 1;
    private static final int OFFSET_SEQUENCE = 2;
    private static final int OFFSET_TOKEN = 4;
    private static final int OFFSET_PRODUCER = 8;
    private static final int OFFSET_CONSUMER = 16;
    private static final int OFFSET_PRODUCER_FLAGS = 24;
    private static final int OFFSET_STATE_FLAGS = 25;
    private static final int OFFSET_RESERVED = 32;

    private static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final long CURSOR_MASK = 0xFFFF_FFFF_FFFFL;

    private CdcCodec() {}

    /**
     * Writes a message at an offset: all 44 bytes, reserved ones as zero.
     *
     * @param sequence low 16 bits count
     * @param alertToken the receiver's connection
     * @param producer a cursor of {@link Cursors}
     * @param consumer a cursor of {@link Cursors}
     * @throws IndexOutOfBoundsException if the segment ends before the message does
     */
    public static void encode(
            MemorySegment segment,
            long offset,
            int sequence,
            int alertToken,
            long producer,
            long consumer,
            int producerFlags,
            int stateFlags) {
        segment.set(
                I64,
                offset,
                (long) TYPE << 56
                        | (long) LENGTH << 48
                        | (long) (sequence & 0xFFFF) << 32
                        | Integer.toUnsignedLong(alertToken));
        segment.set(I64, offset + OFFSET_PRODUCER, producer);
        segment.set(I64, offset + OFFSET_CONSUMER, consumer);
        segment.set(
                I64,
                offset + OFFSET_PRODUCER_FLAGS,
                (long) (producerFlags & 0xFF) << 56 | (long) (stateFlags & 0xFF) << 48);
        segment.set(I64, offset + OFFSET_RESERVED, 0);
        segment.set(I32, offset + OFFSET_RESERVED + 8, 0);
    }

    /**
     * Whether a received buffer holds a CDC message: {@link #VALID}, or which rule it breaks.
     *
     * @param received how many bytes arrived at the offset
     */
    public static int check(MemorySegment segment, long offset, int received) {
        if (received != LENGTH) {
            return WRONG_SIZE;
        }
        int typeAndLength = segment.get(U16, offset) & 0xFFFF;
        if (typeAndLength == (TYPE << 8 | LENGTH)) {
            return VALID;
        }
        return typeAndLength >>> 8 == TYPE ? WRONG_LENGTH : WRONG_TYPE;
    }

    /** The number of the message, 0..65535. */
    public static int sequence(MemorySegment segment, long offset) {
        return segment.get(U16, offset + OFFSET_SEQUENCE) & 0xFFFF;
    }

    /** The connection that the message is for. */
    public static int alertToken(MemorySegment segment, long offset) {
        return segment.get(I32, offset + OFFSET_TOKEN);
    }

    /** The producer cursor, a long of {@link Cursors}; not yet checked against the size of any ring. */
    public static long producer(MemorySegment segment, long offset) {
        return segment.get(I64, offset + OFFSET_PRODUCER) & CURSOR_MASK;
    }

    /** The consumer cursor, a long of {@link Cursors}; not yet checked against the size of any ring. */
    public static long consumer(MemorySegment segment, long offset) {
        return segment.get(I64, offset + OFFSET_CONSUMER) & CURSOR_MASK;
    }

    /** The producer flags of {@link CdcFlags}. */
    public static int producerFlags(MemorySegment segment, long offset) {
        return segment.get(U8, offset + OFFSET_PRODUCER_FLAGS) & 0xFF;
    }

    /** The state flags of {@link CdcFlags}. */
    public static int stateFlags(MemorySegment segment, long offset) {
        return segment.get(U8, offset + OFFSET_STATE_FLAGS) & 0xFF;
    }

    /** Writes a message into a fresh array. */
    public static byte[] encode(CdcMessage message) {
        byte[] bytes = new byte[LENGTH];
        encode(
                MemorySegment.ofArray(bytes),
                0,
                message.sequence(),
                message.alertToken(),
                message.producer().packed(),
                message.consumer().packed(),
                message.producerFlags(),
                message.stateFlags());
        return bytes;
    }

    /**
     * Decodes one message, which must be everything between the buffer's position and its limit. Position and limit stay.
     *
     * @throws ProtocolViolation if the bytes are no valid message; no other exception, whatever the bytes
     */
    public static CdcMessage decode(ByteBuffer exactMessage) throws ProtocolViolation {
        WireReader in = new WireReader("CDC", exactMessage);
        in.requireLength(LENGTH, OFFSET_LENGTH);
        if (in.u8(OFFSET_TYPE) != TYPE) {
            throw in.violation(
                    OFFSET_TYPE, String.format("type %02x", in.u8(OFFSET_TYPE)), "CDC messages begin with fe");
        }
        if (in.u8(OFFSET_LENGTH) != LENGTH) {
            throw in.violation(OFFSET_LENGTH, "length " + in.u8(OFFSET_LENGTH), "CDC messages have 44 bytes");
        }
        if (in.i32(OFFSET_TOKEN) == 0) {
            throw in.violation(OFFSET_TOKEN, "alert token 0", "an alert token is never 0");
        }
        return new CdcMessage(
                in.u16(OFFSET_SEQUENCE),
                in.i32(OFFSET_TOKEN),
                cursor(in, OFFSET_PRODUCER),
                cursor(in, OFFSET_CONSUMER),
                in.u8(OFFSET_PRODUCER_FLAGS),
                in.u8(OFFSET_STATE_FLAGS));
    }

    /**
     * The fields of a message with their places, every byte of it, for people who look at a capture.
     *
     * @throws ProtocolViolation as {@link #decode} does
     */
    public static List<WireField> describe(ByteBuffer exactMessage) throws ProtocolViolation {
        CdcMessage message = decode(exactMessage);
        return new FieldList(new WireReader("CDC", exactMessage))
                .add(1, "type", "0xfe CDC")
                .number(1, "length")
                .number(2, "sequence number")
                .hex(4, "alert token of the receiver")
                .reserved(2)
                .number(2, "producer cursor wrap")
                .number(4, "producer cursor count")
                .reserved(2)
                .number(2, "consumer cursor wrap")
                .number(4, "consumer cursor count")
                .add(
                        1,
                        "producer flags",
                        flags(message.producerFlags(), CdcFlags.describeProducer(message.producerFlags())))
                .add(1, "state flags", flags(message.stateFlags(), CdcFlags.describeState(message.stateFlags())))
                .reserved(18)
                .toList();
    }

    private static String flags(int value, String names) {
        return String.format("0x%02x", value) + (names.isEmpty() ? "" : " " + names);
    }

    private static Cursor cursor(WireReader in, int offset) throws ProtocolViolation {
        long packed = in.i64(offset) & CURSOR_MASK;
        if (!Cursors.isValid(packed, Cursor.LARGEST_RING)) {
            throw in.violation(
                    offset + 4,
                    "cursor count " + Integer.toUnsignedString(Cursors.count(packed)),
                    "no ring has more than " + Cursor.LARGEST_RING + " bytes");
        }
        return Cursor.ofPacked(packed);
    }
}
