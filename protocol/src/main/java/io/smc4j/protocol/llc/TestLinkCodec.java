package io.smc4j.protocol.llc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;

/**
 * TEST LINK, 44 bytes.
 *
 * <pre>
 *   0  header (4)
 *   4  user data (16)
 *  20  reserved (24)
 * </pre>
 */
final class TestLinkCodec {
    private static final int USER_DATA = 4;

    private TestLinkCodec() {}

    static LlcTestLink decode(LlcHeader header, WireReader in) throws ProtocolViolation {
        in.requireLength(LlcHeader.V1_LENGTH, LlcHeader.LENGTH);
        return new LlcTestLink(header.version(), header.response(), in.i64(USER_DATA), in.i64(USER_DATA + 8));
    }

    static int encode(LlcTestLink message, LlcByteOrder order, ByteBuffer target) {
        WireWriter out = LlcHeader.open(message, LlcHeader.V1_LENGTH, order, 0, target);
        out.i64(USER_DATA, message.userDataHigh());
        out.i64(USER_DATA + 8, message.userDataLow());
        return out.length();
    }
}
