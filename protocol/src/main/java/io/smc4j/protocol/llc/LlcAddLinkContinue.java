package io.smc4j.protocol.llc;

import io.smc4j.protocol.internal.Checks;
import java.util.List;

/**
 * Version 1: two more rkeys of a link being added. Both ends send it in turn, server first, until neither has any left.
 *
 * @param response true from the client
 * @param linkNumber number of the new link, 0..255
 * @param rkeysLeft how many the sender still has to send, those in this message included; 0..255
 * @param rkeys the rkeys in this message: the smaller of {@code rkeysLeft} and 2
 */
public record LlcAddLinkContinue(boolean response, int linkNumber, int rkeysLeft, List<AddLinkRkey> rkeys)
        implements LlcMessage {
    /** How many rkeys one message carries. */
    public static final int MAX_RKEYS = 2;

    /** @throws IllegalArgumentException if a number is out of its range or the count of rkeys is wrong */
    public LlcAddLinkContinue {
        Checks.u8("link number", linkNumber);
        Checks.u8("rkeys left", rkeysLeft);
        rkeys = List.copyOf(rkeys);
        int expected = Math.min(rkeysLeft, MAX_RKEYS);
        Checks.range("number of rkeys", rkeys.size(), expected, expected);
    }

    @Override
    public LlcType type() {
        return LlcType.ADD_LINK_CONTINUE;
    }

    @Override
    public int version() {
        return 1;
    }
}
