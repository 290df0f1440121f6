package io.smc4j.protocol.llc;

import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;

/**
 * The 16 bytes of one rkey in ADD LINK and ADD LINK CONTINUE, offsets from their start.
 *
 * <pre>
 *   0  rkey on the link that carries the message (4)
 *   4  rkey on the new link (4)
 *   8  address on the new link (8)
 * </pre>
 */
final class AddLinkRkeyLayout {
    static final int LENGTH = 16;

    private AddLinkRkeyLayout() {}

    static AddLinkRkey read(WireReader in, int at) {
        return new AddLinkRkey(in.i32(at), in.i32(at + 4), in.i64(at + 8));
    }

    static void write(AddLinkRkey rkey, WireWriter out, int at) {
        out.i32(at, rkey.rkeyOnCarryingLink());
        out.i32(at + 4, rkey.rkeyOnNewLink());
        out.i64(at + 8, rkey.addressOnNewLink());
    }
}
