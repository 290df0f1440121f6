package io.smc4j.protocol.llc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;

/**
 * CONFIRM LINK, 44 bytes.
 *
 * <pre>
 *   0  header (4)
 *   4  MAC (6)
 *  10  GID (16)
 *  26  QPN (3)
 *  29  link number (1)
 *  30  link UID (4)
 *  34  max links (1)
 *  35  max connections (1)      release 2.1, otherwise 0
 *  36  reserved (8)
 * </pre>
 */
final class ConfirmLinkCodec {
    private static final int MAC = 4;
    private static final int GID = 10;
    private static final int QPN = 26;
    private static final int LINK_NUMBER = 29;
    private static final int LINK_UID = 30;
    private static final int MAX_LINKS = 34;
    private static final int MAX_CONNECTIONS = 35;

    private ConfirmLinkCodec() {}

    static LlcConfirmLink decode(LlcHeader header, WireReader in) throws ProtocolViolation {
        in.requireLength(LlcHeader.V1_LENGTH, LlcHeader.LENGTH);
        if (in.u8(LINK_NUMBER) == 0) {
            throw in.violation(LINK_NUMBER, "link number 0", "links count from 1");
        }
        return new LlcConfirmLink(
                header.version(),
                header.response(),
                header.flags() & LlcHeader.NO_EYECATCHERS,
                in.mac(MAC),
                in.gid(GID),
                in.u24(QPN),
                in.u8(LINK_NUMBER),
                in.i32(LINK_UID),
                in.u8(MAX_LINKS),
                in.u8(MAX_CONNECTIONS));
    }

    static int encode(LlcConfirmLink message, LlcByteOrder order, ByteBuffer target) {
        WireWriter out = LlcHeader.open(message, LlcHeader.V1_LENGTH, order, message.noEyecatcherFlags(), target);
        out.mac(MAC, message.mac());
        out.gid(GID, message.gid());
        out.u24(QPN, message.qpNumber());
        out.u8(LINK_NUMBER, message.linkNumber());
        out.i32(LINK_UID, message.linkUid());
        out.u8(MAX_LINKS, message.maxLinks());
        out.u8(MAX_CONNECTIONS, message.maxConnections());
        return out.length();
    }
}
