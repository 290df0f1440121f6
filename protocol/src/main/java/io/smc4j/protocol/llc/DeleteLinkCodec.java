package io.smc4j.protocol.llc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;

/**
 * DELETE LINK, 44 bytes.
 *
 * <pre>
 *   0  header (4)
 *   4  link number (1), 0 with the flag "all"
 *   5  reason (4)
 *   9  reserved (35)
 * </pre>
 */
final class DeleteLinkCodec {
    private static final int LINK_NUMBER = 4;
    private static final int REASON = 5;

    private DeleteLinkCodec() {}

    static LlcDeleteLink decode(LlcHeader header, WireReader in) throws ProtocolViolation {
        in.requireLength(LlcHeader.V1_LENGTH, LlcHeader.LENGTH);
        return new LlcDeleteLink(
                header.version(),
                header.response(),
                header.has(LlcHeader.ALL),
                header.has(LlcHeader.ORDERLY),
                in.u8(LINK_NUMBER),
                in.i32(REASON));
    }

    static int encode(LlcDeleteLink message, LlcByteOrder order, ByteBuffer target) {
        int flags = (message.all() ? LlcHeader.ALL : 0) | (message.orderly() ? LlcHeader.ORDERLY : 0);
        WireWriter out = LlcHeader.open(message, LlcHeader.V1_LENGTH, order, flags, target);
        out.u8(LINK_NUMBER, message.linkNumber());
        out.i32(REASON, message.reason());
        return out.length();
    }
}
