package io.smc4j.protocol.llc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * DELETE RKEY: 44 bytes; in version 2 longer from the tenth rkey on.
 *
 * <pre>
 *   0  header (4)
 *   4  number n of rkeys (1)
 *   5  response: version 1 mask of unknown rkeys, bit 7 for the first; version 2 number of unknown rkeys
 *   6  reserved (2)
 *   8  n rkeys of 4 bytes; a version 2 response zeroes them and has 44 bytes whatever n is
 *  40  reserved (4) in version 1
 * </pre>
 */
final class DeleteRkeyCodec {
    private static final int COUNT = 4;
    private static final int STATUS = 5;
    private static final int RKEYS = 8;
    private static final int RKEY_LENGTH = 4;

    private DeleteRkeyCodec() {}

    static LlcDeleteRkey decode(LlcHeader header, WireReader in) throws ProtocolViolation {
        int count = in.u8(COUNT);
        int max = LlcDeleteRkey.maxRkeys(header.version());
        if (count < 1 || count > max) {
            throw in.violation(COUNT, count + " rkeys", "version " + header.version() + " deletes 1 to " + max);
        }
        int present = count;
        if (header.version() == 2 && header.response() && in.length() == LlcHeader.V1_LENGTH) {
            present = Math.min(count, LlcDeleteRkey.RKEYS_IN_44_BYTES);
        }
        in.requireLength(length(present), LlcHeader.LENGTH);
        List<Integer> rkeys = new ArrayList<>(present);
        for (int i = 0; i < present; i++) {
            rkeys.add(in.i32(RKEYS + i * RKEY_LENGTH));
        }
        return new LlcDeleteRkey(
                header.version(), header.response(), header.has(LlcHeader.NEGATIVE), count, in.u8(STATUS), rkeys);
    }

    private static int length(int rkeys) {
        return Math.max(LlcHeader.V1_LENGTH, RKEYS + rkeys * RKEY_LENGTH);
    }

    static int encode(LlcDeleteRkey message, LlcByteOrder order, ByteBuffer target) {
        int flags = message.negative() ? LlcHeader.NEGATIVE : 0;
        WireWriter out = LlcHeader.open(message, length(message.rkeys().size()), order, flags, target);
        out.u8(COUNT, message.count());
        out.u8(STATUS, message.status());
        for (int i = 0; i < message.rkeys().size(); i++) {
            out.i32(RKEYS + i * RKEY_LENGTH, message.rkeys().get(i));
        }
        return out.length();
    }
}
