package io.smc4j.protocol.llc;

import io.smc4j.protocol.internal.Checks;
import java.util.Optional;

/**
 * The end of one link, or of the whole link group.
 *
 * @param version 1 or 2
 * @param response true if this answers a request; the answer to "all" is the end of the group instead
 * @param all the whole link group
 * @param orderly connections may move away or finish first
 * @param linkNumber the link, 0..255; 0 with {@code all}
 * @param reason the reason as sent, 0 in positive responses; {@link #knownReason()} explains the ones we know
 */
public record LlcDeleteLink(int version, boolean response, boolean all, boolean orderly, int linkNumber, int reason)
        implements LlcMessage {

    /** @throws IllegalArgumentException if a number is out of its range */
    public LlcDeleteLink {
        LlcRules.version(LlcType.DELETE_LINK, version);
        Checks.u8("link number", linkNumber);
    }

    /** The reason, if it is one we know. */
    public Optional<DeleteReason> knownReason() {
        return DeleteReason.of(reason);
    }

    @Override
    public LlcType type() {
        return LlcType.DELETE_LINK;
    }
}
