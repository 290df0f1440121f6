package io.smc4j.protocol.clc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;

/** Header and trailer, which all CLC messages share. */
final class Frame {
    static final int TRAILER_LENGTH = Eyecatcher.BYTES;

    private Frame() {}

    /** Opens a message of known length at the target's position and writes header and trailer. */
    static WireWriter open(ByteBuffer target, Eyecatcher eyecatcher, ClcType type, int length, int version, int flags) {
        WireWriter out = new WireWriter(target, length);
        out.i32(0, eyecatcher.value());
        out.u8(ClcHeader.TYPE, type.code());
        out.u16(ClcHeader.LENGTH, length);
        out.u8(ClcHeader.FLAGS, version << 4 | flags);
        out.i32(length - TRAILER_LENGTH, eyecatcher.value());
        return out;
    }

    /** Flags of byte 7 in ACCEPT and CONFIRM. */
    static int acceptFlags(boolean firstContact, SmcType selected) {
        return (firstContact ? ClcHeader.FLAG_8 : 0) | selected.code();
    }

    static void checkTrailer(WireReader in) throws ProtocolViolation {
        int at = in.length() - TRAILER_LENGTH;
        int word = in.i32(at);
        if (Eyecatcher.of(word).isEmpty()) {
            throw in.violation(
                    at, String.format("%08x", word), "the message must close with e2d4c3d9 (SMCR) or e2d4c3c4 (SMCD)");
        }
    }
}
