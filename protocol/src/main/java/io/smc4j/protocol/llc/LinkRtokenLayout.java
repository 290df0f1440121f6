package io.smc4j.protocol.llc;

import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The 13 bytes of one rtoken in CONFIRM RKEY and CONFIRM RKEY CONTINUE, offsets from their start.
 *
 * <pre>
 *   0  link number (1)
 *   1  rkey (4)
 *   5  address (8)
 * </pre>
 */
final class LinkRtokenLayout {
    static final int LENGTH = 13;

    private LinkRtokenLayout() {}

    static List<LinkRtoken> read(WireReader in, int at, int count) {
        List<LinkRtoken> rtokens = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int entry = at + i * LENGTH;
            rtokens.add(new LinkRtoken(in.u8(entry), in.i32(entry + 1), in.i64(entry + 5)));
        }
        return rtokens;
    }

    static void write(List<LinkRtoken> rtokens, WireWriter out, int at) {
        for (int i = 0; i < rtokens.size(); i++) {
            int entry = at + i * LENGTH;
            out.u8(entry, rtokens.get(i).linkNumber());
            out.i32(entry + 1, rtokens.get(i).rkey());
            out.i64(entry + 5, rtokens.get(i).address());
        }
    }
}
