package io.smc4j.protocol.llc;

/**
 * A message of link layer control. Switch over the records.
 *
 * <p>Immutable; an instance is always one that may be sent. Source: RFC 7609 section 4.6 (version 1), Linux (version 2).
 */
public sealed interface LlcMessage
        permits LlcConfirmLink,
                LlcAddLink,
                LlcAddLinkContinue,
                LlcDeleteLink,
                LlcRequestAddLink,
                LlcConfirmRkey,
                LlcConfirmRkeyContinue,
                LlcDeleteRkey,
                LlcTestLink {

    /** Which of the messages this is. */
    LlcType type();

    /** 1 or 2. */
    int version();

    /** Whether this answers a request of the same type. */
    boolean response();
}
