package io.smc4j.protocol.llc;

import io.smc4j.protocol.internal.Checks;
import java.util.List;

/**
 * Version 1: more keys of the RMB in the CONFIRM RKEY before, for groups of more than three links. Linux never sends it.
 *
 * @param response true if this answers a request
 * @param remaining how many keys the sender still has to send, those in this message included; 0..255
 * @param rtokens the keys in this message: the smaller of {@code remaining} and 3
 */
public record LlcConfirmRkeyContinue(boolean response, int remaining, List<LinkRtoken> rtokens) implements LlcMessage {
    /** How many keys one message carries. */
    public static final int MAX_RTOKENS = 3;

    /** @throws IllegalArgumentException if a number is out of its range or the count of keys is wrong */
    public LlcConfirmRkeyContinue {
        Checks.u8("remaining rtokens", remaining);
        rtokens = List.copyOf(rtokens);
        int expected = Math.min(remaining, MAX_RTOKENS);
        Checks.range("number of rtokens", rtokens.size(), expected, expected);
    }

    @Override
    public LlcType type() {
        return LlcType.CONFIRM_RKEY_CONTINUE;
    }

    @Override
    public int version() {
        return 1;
    }
}
