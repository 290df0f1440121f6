package io.smc4j.protocol.llc;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.internal.Checks;

/**
 * The first message on a new queue pair: proves that both directions work and settles the link's number.
 *
 * @param version 1 or 2
 * @param response false from the server, true from the client
 * @param noEyecatcherFlags the two low flag bits: {@link #NO_EYECATCHERS} unless the sender wants eyecatchers in RMBEs
 * @param mac MAC address of the sender's port
 * @param gid GID of the sender's port
 * @param qpNumber the sender's queue pair, 24 bits
 * @param linkNumber number of the link, 1..255, chosen by the server
 * @param linkUid the sender's own name for the link, for diagnosis
 * @param maxLinks how many links the sender can have in the group, 0..255; Linux: 2
 * @param maxConnections release 2.1: connections per link group, 0..255; otherwise 0
 */
public record LlcConfirmLink(
        int version,
        boolean response,
        int noEyecatcherFlags,
        MacAddress mac,
        Gid gid,
        int qpNumber,
        int linkNumber,
        int linkUid,
        int maxLinks,
        int maxConnections)
        implements LlcMessage {
    /** Both bits set, as Linux sends and smc4j must: no eyecatchers in RMBEs. */
    public static final int NO_EYECATCHERS = 0x03;

    /** @throws IllegalArgumentException if a number is out of its range */
    public LlcConfirmLink {
        LlcRules.version(LlcType.CONFIRM_LINK, version);
        Checks.range("no-eyecatcher flags", noEyecatcherFlags, 0, NO_EYECATCHERS);
        Checks.u24("queue pair number", qpNumber);
        Checks.range("link number", linkNumber, 1, 255);
        Checks.u8("max links", maxLinks);
        Checks.u8("max connections", maxConnections);
    }

    /** Whether the sender puts up with RMBEs without eyecatchers; if not, decline. Either bit counts, as in Linux. */
    public boolean acceptsNoEyecatchers() {
        return noEyecatcherFlags != 0;
    }

    @Override
    public LlcType type() {
        return LlcType.CONFIRM_LINK;
    }
}
