package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.Gid;
import java.util.OptionalLong;

/**
 * A link in the group's book.
 *
 * @param number link number, 1..255
 * @param incarnation tells this link from earlier ones with the same number; never reused in a group
 * @param stage where it is
 * @param local our port
 * @param peer the peer port's GID; {@link Gid#NONE} while unknown
 * @param unansweredDelete the buffer of a DELETE RKEY sent on this link whose answer did not come in time. Version 2's answer names
 *     no rkey, so no second DELETE RKEY goes out on the link before the answer to the first: it could be taken for the second's.
 */
public record LinkEntry(
        int number, int incarnation, LinkStage stage, LocalPort local, Gid peer, OptionalLong unansweredDelete) {
    LinkEntry(int number, int incarnation, LinkStage stage, LocalPort local, Gid peer) {
        this(number, incarnation, stage, local, peer, OptionalLong.empty());
    }

    LinkEntry at(LinkStage next) {
        return new LinkEntry(number, incarnation, next, local, peer, unansweredDelete);
    }

    LinkEntry with(Gid peerGid) {
        return new LinkEntry(number, incarnation, stage, local, peerGid, unansweredDelete);
    }

    LinkEntry withUnansweredDelete(OptionalLong buffer) {
        return new LinkEntry(number, incarnation, stage, local, peer, buffer);
    }

    LinkEntry renumbered(int newNumber) {
        return new LinkEntry(newNumber, incarnation, stage, local, peer, unansweredDelete);
    }

    boolean active() {
        return stage == LinkStage.ACTIVE;
    }
}
