package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.Gid;

/**
 * A link in the group's book.
 *
 * @param number link number, 1..255
 * @param incarnation tells this link from earlier ones with the same number; never reused in a group
 * @param stage where it is
 * @param local our port
 * @param peer the peer port's GID; {@link Gid#NONE} while unknown
 */
public record LinkEntry(int number, int incarnation, LinkStage stage, LocalPort local, Gid peer) {
    LinkEntry at(LinkStage next) {
        return new LinkEntry(number, incarnation, next, local, peer);
    }

    LinkEntry with(Gid peerGid) {
        return new LinkEntry(number, incarnation, stage, local, peerGid);
    }

    boolean active() {
        return stage == LinkStage.ACTIVE;
    }
}
