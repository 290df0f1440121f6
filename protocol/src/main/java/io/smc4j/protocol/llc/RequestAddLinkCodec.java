package io.smc4j.protocol.llc;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * REQUEST ADD LINK, version 2: 28 + 16n bytes, but not less than 44.
 *
 * <pre>
 *   0  header (4)
 *   4  reserved (20)
 *  24  number n of GIDs (1)
 *  25  reserved (3)
 *  28  n GIDs of 16 bytes
 * </pre>
 */
final class RequestAddLinkCodec {
    private static final int GID_COUNT = 24;
    private static final int GIDS = 28;

    private RequestAddLinkCodec() {}

    static LlcRequestAddLink decode(LlcHeader header, WireReader in) throws ProtocolViolation {
        int count = in.u8(GID_COUNT);
        in.requireLength(length(count), LlcHeader.LENGTH);
        List<Gid> gids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            gids.add(in.gid(GIDS + i * Gid.BYTES));
        }
        return new LlcRequestAddLink(header.response(), gids);
    }

    private static int length(int gids) {
        return Math.max(LlcHeader.V1_LENGTH, GIDS + gids * Gid.BYTES);
    }

    static int encode(LlcRequestAddLink message, LlcByteOrder order, ByteBuffer target) {
        WireWriter out = LlcHeader.open(message, length(message.gids().size()), order, 0, target);
        out.u8(GID_COUNT, message.gids().size());
        for (int i = 0; i < message.gids().size(); i++) {
            out.gid(GIDS + i * Gid.BYTES, message.gids().get(i));
        }
        return out.length();
    }
}
