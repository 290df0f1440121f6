package io.smc4j.protocol.llc;

/**
 * A keepalive: the peer sends the same content back.
 *
 * @param version 1 or 2
 * @param response true if this answers a request
 * @param userDataHigh first eight bytes of the user data; Linux sends zero
 * @param userDataLow last eight bytes of the user data
 */
public record LlcTestLink(int version, boolean response, long userDataHigh, long userDataLow) implements LlcMessage {

    /** @throws IllegalArgumentException if the version is neither 1 nor 2 */
    public LlcTestLink {
        LlcRules.version(LlcType.TEST_LINK, version);
    }

    /** A request without user data. */
    public static LlcTestLink request(int version) {
        return new LlcTestLink(version, false, 0, 0);
    }

    /** The answer to this request. */
    public LlcTestLink answer() {
        return new LlcTestLink(version, true, userDataHigh, userDataLow);
    }

    @Override
    public LlcType type() {
        return LlcType.TEST_LINK;
    }
}
