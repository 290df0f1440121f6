package io.smc4j.protocol.llc;

import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;

/**
 * CONFIRM RKEY CONTINUE, version 1, 44 bytes.
 *
 * <pre>
 *   0  header (4)
 *   4  rtokens left, those in this message included (1)
 *   5  up to three entries of {@link LinkRtokenLayout}
 * </pre>
 */
final class ConfirmRkeyContinueCodec {
    private static final int REMAINING = 4;
    private static final int RTOKENS = 5;

    private ConfirmRkeyContinueCodec() {}

    static LlcConfirmRkeyContinue decode(LlcHeader header, WireReader in) {
        int remaining = in.u8(REMAINING);
        return new LlcConfirmRkeyContinue(
                header.response(),
                remaining,
                LinkRtokenLayout.read(in, RTOKENS, Math.min(remaining, LlcConfirmRkeyContinue.MAX_RTOKENS)));
    }

    static int encode(LlcConfirmRkeyContinue message, LlcByteOrder order, ByteBuffer target) {
        WireWriter out = LlcHeader.open(message, LlcHeader.V1_LENGTH, order, 0, target);
        out.u8(REMAINING, message.remaining());
        LinkRtokenLayout.write(message.rtokens(), out, RTOKENS);
        return out.length();
    }
}
