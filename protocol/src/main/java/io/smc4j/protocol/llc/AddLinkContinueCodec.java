package io.smc4j.protocol.llc;

import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * ADD LINK CONTINUE, version 1, 44 bytes.
 *
 * <pre>
 *   0  header (4)
 *   4  link number (1)
 *   5  rkeys left, those in this message included (1)
 *   6  reserved (2)
 *   8  up to two entries of {@link AddLinkRkeyLayout}
 *  40  reserved (4)
 * </pre>
 */
final class AddLinkContinueCodec {
    private static final int LINK_NUMBER = 4;
    private static final int RKEYS_LEFT = 5;
    private static final int RKEYS = 8;

    private AddLinkContinueCodec() {}

    static LlcAddLinkContinue decode(LlcHeader header, WireReader in) {
        int left = in.u8(RKEYS_LEFT);
        int count = Math.min(left, LlcAddLinkContinue.MAX_RKEYS);
        List<AddLinkRkey> rkeys = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            rkeys.add(AddLinkRkeyLayout.read(in, RKEYS + i * AddLinkRkeyLayout.LENGTH));
        }
        return new LlcAddLinkContinue(header.response(), in.u8(LINK_NUMBER), left, rkeys);
    }

    static int encode(LlcAddLinkContinue message, LlcByteOrder order, ByteBuffer target) {
        WireWriter out = LlcHeader.open(message, LlcHeader.V1_LENGTH, order, 0, target);
        out.u8(LINK_NUMBER, message.linkNumber());
        out.u8(RKEYS_LEFT, message.rkeysLeft());
        for (int i = 0; i < message.rkeys().size(); i++) {
            AddLinkRkeyLayout.write(message.rkeys().get(i), out, RKEYS + i * AddLinkRkeyLayout.LENGTH);
        }
        return out.length();
    }
}
