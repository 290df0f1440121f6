package io.smc4j.actors.group;

import io.smc4j.actors.link.LinkAddress;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.lifecycle.group.DeleteCause;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.DeleteReason;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcDeleteLink;
import java.util.List;
import java.util.Optional;

/** LLC messages (version 2) from what a link group knows. */
final class LlcMessages {
    static final int VERSION = 2;

    private LlcMessages() {}

    static LlcConfirmLink confirmLink(
            boolean response, LinkAddress local, int number, int groupId, int maxLinks, int maxConnections) {
        return new LlcConfirmLink(
                VERSION,
                response,
                LlcConfirmLink.NO_EYECATCHERS,
                local.mac(),
                local.gid(),
                local.qpNumber(),
                number,
                groupId + number,
                maxLinks,
                maxConnections);
    }

    static LlcAddLink addLink(boolean response, LinkAddress local, int number, PathMtu mtu, List<AddLinkRkey> rkeys) {
        return new LlcAddLink(
                VERSION,
                response,
                false,
                0,
                local.mac(),
                local.gid(),
                local.qpNumber(),
                number,
                Optional.of(mtu),
                local.psn(),
                Optional.of(LlcAddLink.Extension.of(true, local.gid(), rkeys)));
    }

    static LlcDeleteLink deleteLink(int number, DeleteCause cause) {
        DeleteReason reason = switch (cause) {
            case LOST_PATH -> DeleteReason.LOST_PATH;
            case ASYMMETRIC_NO_LONGER_NEEDED -> DeleteReason.ASYMMETRIC;
        };
        return new LlcDeleteLink(VERSION, false, false, true, number, reason.code());
    }

    static LlcDeleteLink deleteLinkAnswer(int number, boolean known) {
        return new LlcDeleteLink(VERSION, true, false, true, number, known ? 0 : DeleteReason.UNKNOWN_LINK.code());
    }

    static LlcDeleteLink deleteAll(TerminationCause cause) {
        DeleteReason reason = switch (cause) {
            case PROTOCOL_VIOLATION -> DeleteReason.PROTOCOL_VIOLATION;
            case NODE_SHUTDOWN, DEVICE_REMOVED -> DeleteReason.OPERATOR;
            case LINKS_LOST -> DeleteReason.LOST_PATH;
            case IDLE, PEER_DELETED_ALL, OUT_OF_SYNC, FIRST_CONTACT_FAILED, PEER_GONE, OWNER_FAILED ->
                DeleteReason.PROGRAM;
        };
        return new LlcDeleteLink(VERSION, false, true, true, 0, reason.code());
    }

    /** The peer's end of a new link as ADD LINK tells it; empty if a field is missing. */
    static Optional<LinkAddress> peer(LlcAddLink message) {
        return message.mtu().isEmpty()
                        || message.qpNumber() == 0
                        || message.gid().equals(Gid.NONE)
                ? Optional.empty()
                : Optional.of(new LinkAddress(
                        message.gid(),
                        message.mac(),
                        message.qpNumber(),
                        message.psn(),
                        message.mtu().get()));
    }
}
