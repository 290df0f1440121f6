package io.smc4j.protocol.llc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;

/**
 * The first four bytes of every LLC message.
 *
 * <pre>
 *             0           1                            2                                   3
 * version 1  | type      | length (44)                | reserved 4 bits, reject reason 4  | flags |
 * version 2  | 0x20+type | length, 16 bits in the byte order of the sender                | flags |
 *
 * flags  0x80 response
 *        0x40 ADD LINK: rejected; DELETE LINK: all
 *        0x20 DELETE LINK: orderly; CONFIRM RKEY, DELETE RKEY: negative
 *        0x10 CONFIRM RKEY: may be tried again
 *        0x03 CONFIRM LINK: no eyecatchers in RMBEs
 * </pre>
 *
 * @param type which message
 * @param version 1 or 2
 * @param order version 2: the sender's byte order
 * @param rejectReason version 1: low four bits of byte 2
 * @param flags byte 3
 */
record LlcHeader(LlcType type, int version, LlcByteOrder order, int rejectReason, int flags) {
    static final int LENGTH = 1;
    static final int REJECT_REASON = 2;
    static final int FLAGS = 3;

    /** The only length of version 1, the least of version 2. */
    static final int V1_LENGTH = 44;

    /** What the receive buffers of a version 2 link hold. */
    static final int V2_MAX_LENGTH = 8192;

    static final int RESPONSE = 0x80;
    static final int REJECTED = 0x40;
    static final int ALL = 0x40;
    static final int ORDERLY = 0x20;
    static final int NEGATIVE = 0x20;
    static final int RETRY = 0x10;
    static final int NO_EYECATCHERS = 0x03;

    private static final int VERSION_2_TYPE = 0x20;

    static LlcHeader read(ByteBuffer message) throws ProtocolViolation {
        WireReader in = new WireReader("LLC header", message);
        in.requireAtLeast(V1_LENGTH, 0);
        int first = in.u8(0);
        int version = first >>> 4 == 0 ? 1 : first >>> 4;
        if (version > 2 || first >>> 4 == 1) {
            throw in.violation(
                    0, String.format("type %02x", first), "types are 01 to 09 (version 1) and 21 to 29 (version 2)");
        }
        LlcType type = LlcType.ofCode(first & 0xF)
                .filter(known -> known.existsIn(version))
                .orElseThrow(() -> in.violation(
                        0, String.format("type %02x", first), "LLC version " + version + " has no such message"));
        int flags = in.u8(FLAGS);
        if (version == 1) {
            if (in.u8(LENGTH) != V1_LENGTH || in.length() != V1_LENGTH) {
                throw in.violation(
                        LENGTH,
                        "length " + in.u8(LENGTH) + " in " + in.length() + " bytes",
                        "messages of LLC version 1 have 44");
            }
            return new LlcHeader(type, 1, LlcByteOrder.LITTLE_ENDIAN, in.u8(REJECT_REASON) & 0xF, flags);
        }
        return new LlcHeader(type, 2, order(type, in), 0, flags);
    }

    private static LlcByteOrder order(LlcType type, WireReader in) throws ProtocolViolation {
        boolean little = isLength(LlcByteOrder.LITTLE_ENDIAN, in);
        boolean big = isLength(LlcByteOrder.BIG_ENDIAN, in);
        if (little && big && type == LlcType.ADD_LINK) {
            return AddLinkCodec.orderByCount(in);
        }
        if (little || big) {
            return little ? LlcByteOrder.LITTLE_ENDIAN : LlcByteOrder.BIG_ENDIAN;
        }
        throw in.violation(
                LENGTH,
                String.format("length bytes %04x in %d bytes", in.u16(LENGTH), in.length()),
                "the length, in either byte order, must equal the bytes of the message, at most " + V2_MAX_LENGTH);
    }

    private static boolean isLength(LlcByteOrder order, WireReader in) {
        return in.u16(LENGTH, order.order()) == in.length() && in.length() <= V2_MAX_LENGTH;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean response() {
        return has(RESPONSE);
    }

    /** Opens a message at the target's position and writes its header. */
    static WireWriter open(LlcMessage message, int length, LlcByteOrder order, int flags, ByteBuffer target) {
        WireWriter out = new WireWriter(target, length);
        if (message.version() == 1) {
            out.u8(0, message.type().code());
            out.u8(LENGTH, length);
        } else {
            out.u8(0, VERSION_2_TYPE | message.type().code());
            out.u16(LENGTH, length, order.order());
        }
        out.u8(FLAGS, flags | (message.response() ? RESPONSE : 0));
        return out;
    }
}
