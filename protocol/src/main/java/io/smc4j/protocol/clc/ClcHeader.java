package io.smc4j.protocol.clc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.Checks;
import io.smc4j.protocol.internal.WireReader;

/**
 * The first eight bytes of every CLC message: enough to know how many more to read, and never one too many.
 *
 * <pre>
 *  0               4       5               7
 * +---------------+-------+---------------+-------+
 * |  eyecatcher   | type  | length (u16)  | flags |   flags: version 4 bits, typev2 2 bits, typev1 2 bits
 * +---------------+-------+---------------+-------+
 * </pre>
 *
 * @param eyecatcher which of the two alphabets opened the message
 * @param type which message this is
 * @param length bytes of the whole message, header and trailer included
 * @param version 1..15; 2 and above share the layout of version 2
 * @param flags the low four bits of byte 7, whose meaning depends on the message
 */
public record ClcHeader(Eyecatcher eyecatcher, ClcType type, int length, int version, int flags) {
    /** Bytes of the header. */
    public static final int BYTES = 8;

    static final int TYPE = 4;
    static final int LENGTH = 5;
    static final int FLAGS = 7;

    /** Bit 3 of byte 7: first contact in ACCEPT and CONFIRM, out of sync in DECLINE. */
    static final int FLAG_8 = 0x08;

    /** @throws IllegalArgumentException if a field is out of its range */
    public ClcHeader {
        Checks.range("CLC " + type + " length", length, type.minLength(), type.maxLength());
        Checks.range("CLC version", version, 1, 15);
        Checks.range("CLC header flags", flags, 0, 15);
    }

    static ClcHeader read(WireReader in) throws ProtocolViolation {
        in.requireAtLeast(BYTES, 0);
        int word = in.i32(0);
        Eyecatcher eyecatcher = Eyecatcher.of(word)
                .orElseThrow(() -> in.violation(
                        0, String.format("%08x", word), "CLC messages open with e2d4c3d9 (SMCR) or e2d4c3c4 (SMCD)"));
        ClcType type = ClcType.ofCode(in.u8(TYPE))
                .orElseThrow(() -> in.violation(
                        TYPE, "type " + in.u8(TYPE), "types are 1 PROPOSAL, 2 ACCEPT, 3 CONFIRM, 4 DECLINE"));
        int length = in.u16(LENGTH);
        if (length < type.minLength() || length > type.maxLength()) {
            throw in.violation(
                    LENGTH,
                    "length " + length,
                    type + " has " + type.minLength() + " to " + type.maxLength() + " bytes");
        }
        int version = in.u8(FLAGS) >>> 4;
        if (version == 0) {
            throw in.violation(FLAGS, "version 0", "versions start at 1");
        }
        return new ClcHeader(eyecatcher, type, length, version, in.u8(FLAGS) & 0xF);
    }

    /** The transports of version 2 that a PROPOSAL offers. */
    SmcType typeV2() {
        return SmcType.ofBits(flags >>> 2);
    }

    /** The transports of version 1 that a PROPOSAL offers; the transport that an ACCEPT or CONFIRM selects. */
    SmcType typeV1() {
        return SmcType.ofBits(flags);
    }

    boolean flag8() {
        return (flags & FLAG_8) != 0;
    }
}
