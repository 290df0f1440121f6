package io.smc4j.protocol.lifecycle.group;

import java.util.Collection;

/** How many RDMA ports each side contributes, as Linux tells it. */
public enum GroupType {
    /** No active link (or SMC-D, which has none). */
    NONE,
    /** One link. */
    SINGLE,
    /** Two links over two ports on both sides. */
    SYMMETRIC,
    /** Two links, but the peer has only one port. */
    ASYMMETRIC_PEER,
    /** Two links, but we have only one port. */
    ASYMMETRIC_LOCAL;

    /** What the active links make of a group. While a superfluous third link is being removed the better pair counts. */
    static GroupType of(Collection<LinkEntry> links) {
        GroupType type = NONE;
        for (LinkEntry a : links) {
            for (LinkEntry b : links) {
                if (!a.active() || !b.active()) {
                    continue;
                }
                boolean samePort = a.local().equals(b.local());
                boolean samePeer = a.peer().equals(b.peer());
                if (a.number() == b.number()) {
                    type = type == NONE ? SINGLE : type;
                } else if (!samePort && !samePeer) {
                    return SYMMETRIC;
                } else if (samePort) {
                    type = ASYMMETRIC_LOCAL;
                } else if (type != ASYMMETRIC_LOCAL) {
                    type = ASYMMETRIC_PEER;
                }
            }
        }
        return type;
    }
}
