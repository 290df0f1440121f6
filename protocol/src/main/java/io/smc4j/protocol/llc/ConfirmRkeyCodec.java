package io.smc4j.protocol.llc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;

/**
 * CONFIRM RKEY, 44 bytes.
 *
 * <pre>
 *   0  header (4)
 *   4  number of additional rtokens (1)
 *   5  rkey on the link that carries the message (4)
 *   9  address on that link (8)
 *  17  up to two entries of {@link LinkRtokenLayout}
 *  43  reserved (1)
 * </pre>
 */
final class ConfirmRkeyCodec {
    private static final int ADDITIONAL_COUNT = 4;
    private static final int RKEY = 5;
    private static final int ADDRESS = 9;
    private static final int ADDITIONAL = 17;

    private ConfirmRkeyCodec() {}

    static LlcConfirmRkey decode(LlcHeader header, WireReader in) throws ProtocolViolation {
        in.requireLength(LlcHeader.V1_LENGTH, LlcHeader.LENGTH);
        int announced = in.u8(ADDITIONAL_COUNT);
        return new LlcConfirmRkey(
                header.version(),
                header.response(),
                header.has(LlcHeader.NEGATIVE),
                header.has(LlcHeader.RETRY),
                in.i32(RKEY),
                in.i64(ADDRESS),
                announced,
                LinkRtokenLayout.read(in, ADDITIONAL, Math.min(announced, LlcConfirmRkey.MAX_ADDITIONAL)));
    }

    static int encode(LlcConfirmRkey message, LlcByteOrder order, ByteBuffer target) {
        int flags = (message.negative() ? LlcHeader.NEGATIVE : 0) | (message.retry() ? LlcHeader.RETRY : 0);
        WireWriter out = LlcHeader.open(message, LlcHeader.V1_LENGTH, order, flags, target);
        out.u8(ADDITIONAL_COUNT, message.announcedAdditional());
        out.i32(RKEY, message.rkey());
        out.i64(ADDRESS, message.address());
        LinkRtokenLayout.write(message.additional(), out, ADDITIONAL);
        return out.length();
    }
}
