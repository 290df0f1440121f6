package io.smc4j.protocol.llc;

import io.smc4j.protocol.internal.Checks;
import java.util.Collections;
import java.util.List;

/**
 * RMBs that the sender no longer receives into: after the answer, nobody writes to them.
 *
 * @param version 1 or 2
 * @param response true if this answers a request
 * @param negative response: not every key was known
 * @param count how many keys the request names: 1..8 in version 1, 1..255 in version 2
 * @param status response: in version 1 a mask, bit 7 for the first key, of those unknown; in version 2 how many were
 * @param rkeys keys on the link that carries the message, {@code count} of them; a version 2 response of Linux zeroes them and
 *     keeps the length of 44, so there it is what fits: the smaller of {@code count} and 9
 */
public record LlcDeleteRkey(int version, boolean response, boolean negative, int count, int status, List<Integer> rkeys)
        implements LlcMessage {
    /** How many keys a message of 44 bytes has room for in version 2. */
    public static final int RKEYS_IN_44_BYTES = 9;

    /** How many keys a version may name. */
    public static int maxRkeys(int version) {
        return version == 1 ? 8 : 255;
    }

    /** @throws IllegalArgumentException if a number is out of its range or the count of keys is wrong */
    public LlcDeleteRkey {
        LlcRules.version(LlcType.DELETE_RKEY, version);
        Checks.range("number of rkeys to delete", count, 1, maxRkeys(version));
        Checks.u8("status", status);
        rkeys = List.copyOf(rkeys);
        boolean shortened = version == 2 && response && rkeys.size() == Math.min(count, RKEYS_IN_44_BYTES);
        Checks.range("rkeys in the message", rkeys.size(), shortened ? rkeys.size() : count, count);
    }

    /** A request. */
    public static LlcDeleteRkey request(int version, List<Integer> rkeys) {
        return new LlcDeleteRkey(version, false, false, rkeys.size(), 0, rkeys);
    }

    /**
     * The answer to this request as Linux words it.
     *
     * @param unknown which of the keys were not known, by their position
     */
    public LlcDeleteRkey answer(List<Integer> unknown) {
        boolean failed = !unknown.isEmpty();
        if (version == 2) {
            List<Integer> zeroed = Collections.nCopies(Math.min(count, RKEYS_IN_44_BYTES), 0);
            return new LlcDeleteRkey(2, true, failed, count, unknown.size(), zeroed);
        }
        int mask = unknown.stream().mapToInt(position -> 0x80 >>> position).reduce(0, (a, b) -> a | b);
        return new LlcDeleteRkey(1, true, failed, count, mask, rkeys);
    }

    @Override
    public LlcType type() {
        return LlcType.DELETE_RKEY;
    }
}
