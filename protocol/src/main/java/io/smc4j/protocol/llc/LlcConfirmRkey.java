package io.smc4j.protocol.llc;

import io.smc4j.protocol.internal.Checks;
import java.util.List;

/**
 * An RMB that the sender is going to receive into, with its key on every link. The peer answers with the same content.
 *
 * @param version 1 or 2
 * @param response true if this answers a request
 * @param negative response: the key was not taken
 * @param retry negative response: another try might succeed
 * @param rkey key on the link that carries the message
 * @param address remote address on that link
 * @param announcedAdditional how many further links have a key, 0..255; what exceeds 2 would follow in
 *     {@link LlcConfirmRkeyContinue}
 * @param additional keys on further links: the smaller of {@code announcedAdditional} and 2
 */
public record LlcConfirmRkey(
        int version,
        boolean response,
        boolean negative,
        boolean retry,
        int rkey,
        long address,
        int announcedAdditional,
        List<LinkRtoken> additional)
        implements LlcMessage {
    /** How many additional keys one message carries. */
    public static final int MAX_ADDITIONAL = 2;

    /** @throws IllegalArgumentException if a number is out of its range or the count of keys is wrong */
    public LlcConfirmRkey {
        LlcRules.version(LlcType.CONFIRM_RKEY, version);
        Checks.u8("number of additional rtokens", announcedAdditional);
        additional = List.copyOf(additional);
        int expected = Math.min(announcedAdditional, MAX_ADDITIONAL);
        Checks.range("additional rtokens", additional.size(), expected, expected);
    }

    /** A request with all its keys in one message. */
    public static LlcConfirmRkey request(int version, int rkey, long address, List<LinkRtoken> additional) {
        return new LlcConfirmRkey(version, false, false, false, rkey, address, additional.size(), additional);
    }

    /** The answer to this request: taken or, as Linux words it, not taken and may be tried again. */
    public LlcConfirmRkey answer(boolean taken) {
        return new LlcConfirmRkey(version, true, !taken, !taken, rkey, address, announcedAdditional, additional);
    }

    @Override
    public LlcType type() {
        return LlcType.CONFIRM_RKEY;
    }
}
