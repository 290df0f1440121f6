package io.smc4j.protocol.llc;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.internal.Checks;
import java.util.List;
import java.util.Optional;

/**
 * The server's offer of another link, and the client's answer. A client that has no second path rejects by sending the
 * request back with both flags.
 *
 * @param version 1 or 2
 * @param response true from the client
 * @param rejected response: no link
 * @param rejectReason version 1 rejection: {@link #NO_ALTERNATE_PATH}, 4 bits; version 2 has no room for it, 0
 * @param mac MAC address of the new link's port
 * @param gid GID of the new link's port
 * @param qpNumber the sender's new queue pair, 24 bits; 0 in an invitation
 * @param linkNumber number of the new link, 0..255; 0 in an invitation
 * @param mtu path MTU of the new link; empty in an invitation, and a client rejects a request without it
 * @param psn first packet sequence number of the new link, 24 bits
 * @param extension version 2: the rkeys of the new link; a rejection has none
 */
public record LlcAddLink(
        int version,
        boolean response,
        boolean rejected,
        int rejectReason,
        MacAddress mac,
        Gid gid,
        int qpNumber,
        int linkNumber,
        Optional<PathMtu> mtu,
        int psn,
        Optional<Extension> extension)
        implements LlcMessage {
    /** The one reason that Linux has. */
    public static final int NO_ALTERNATE_PATH = 1;

    /** How many rkeys an extension may carry. */
    public static final int MAX_RKEYS = 255;

    /** @throws IllegalArgumentException if a field is out of its range or does not belong to the version */
    public LlcAddLink {
        LlcRules.version(LlcType.ADD_LINK, version);
        Checks.range("reject reason", rejectReason, 0, version == 1 ? 15 : 0);
        Checks.u24("queue pair number", qpNumber);
        Checks.u8("link number", linkNumber);
        Checks.u24("initial PSN", psn);
        Checks.rule(version == 2 || extension.isEmpty(), "ADD LINK of version 1 has no extension");
        Checks.rule(
                !(mac.isNone() && gid.isNone() && qpNumber == 0 && linkNumber == 0 && mtu.isEmpty() && psn == 0),
                "ADD LINK with an empty body is Linux's own marker for 'add a link', and never sent");
    }

    /** The rejection of this request, as Linux words it. */
    public LlcAddLink reject() {
        return new LlcAddLink(
                version,
                true,
                true,
                version == 1 ? NO_ALTERNATE_PATH : 0,
                mac,
                gid,
                qpNumber,
                linkNumber,
                mtu,
                psn,
                Optional.empty());
    }

    /** Whether a client asks the server to start adding a link (version 1). */
    public boolean isInvitation() {
        return !response && qpNumber == 0 && linkNumber == 0 && mtu.isEmpty();
    }

    @Override
    public LlcType type() {
        return LlcType.ADD_LINK;
    }

    /**
     * What version 2 adds.
     *
     * @param direct no IP gateway between the two ports
     * @param targetGid GID of the sender's new link in Linux, ignored on receipt
     * @param announcedRkeys the count in the message, 16 bits; Linux sends its number of connections, which may exceed the
     *     rkeys that follow
     * @param rkeys the rkeys that follow, at most 255
     */
    public record Extension(boolean direct, Gid targetGid, int announcedRkeys, List<AddLinkRkey> rkeys) {
        /** @throws IllegalArgumentException if there are too many rkeys, or more than announced */
        public Extension {
            rkeys = List.copyOf(rkeys);
            Checks.range("number of rkeys", rkeys.size(), 0, MAX_RKEYS);
            Checks.range("announced number of rkeys", announcedRkeys, rkeys.size(), 0xFFFF);
        }

        /** An extension that announces what it carries. */
        public static Extension of(boolean direct, Gid targetGid, List<AddLinkRkey> rkeys) {
            return new Extension(direct, targetGid, rkeys.size(), rkeys);
        }
    }
}
