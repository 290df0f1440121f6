package io.smc4j.actors.group;

import io.smc4j.actors.link.LinkAddress;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.lifecycle.group.DeleteCause;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.DeleteReason;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcDeleteLink;
import io.smc4j.protocol.llc.LlcMessage;
import io.smc4j.protocol.llc.LlcRequestAddLink;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * LLC messages from what a link group knows.
 *
 * @param smc version of the group, and with it the form of its messages
 */
record LlcMessages(SmcVersion smc) {
    private int version() {
        return smc.number();
    }

    LlcConfirmLink confirmLink(boolean response, LinkAddress local, int number, int groupId, LinkGroupState group) {
        return new LlcConfirmLink(
                version(),
                response,
                LlcConfirmLink.NO_EYECATCHERS,
                local.mac(),
                local.gid(),
                local.qpNumber(),
                number,
                groupId + number,
                group.maxLinks(),
                smc == SmcVersion.V2_1 ? group.maxConnections() : 0);
    }

    /**
     * @param direct of version 2: there is no gateway between the ports
     * @param rkeys of version 2; version 1 tells them apart, by ADD LINK CONTINUE
     */
    LlcAddLink addLink(
            boolean response, LinkAddress local, int number, PathMtu mtu, boolean direct, List<AddLinkRkey> rkeys) {
        return new LlcAddLink(
                version(),
                response,
                false,
                0,
                local.mac(),
                local.gid(),
                local.qpNumber(),
                number,
                Optional.of(mtu),
                local.psn(),
                smc == SmcVersion.V1
                        ? Optional.empty()
                        : Optional.of(LlcAddLink.Extension.of(direct, local.gid(), rkeys)));
    }

    /** A client's wish for another link. @param ports of the client, with the one of the carrying link first */
    LlcMessage wish(Map<Gid, MacAddress> ports) {
        if (smc != SmcVersion.V1) {
            return new LlcRequestAddLink(false, List.copyOf(ports.keySet()));
        }
        Map.Entry<Gid, MacAddress> last = ports.entrySet().stream().toList().getLast();
        return new LlcAddLink(
                1, false, false, 0, last.getValue(), last.getKey(), 0, 0, Optional.empty(), 0, Optional.empty());
    }

    LlcDeleteLink deleteLink(int number, DeleteCause cause) {
        DeleteReason reason = switch (cause) {
            case LOST_PATH -> DeleteReason.LOST_PATH;
            case ASYMMETRIC_NO_LONGER_NEEDED -> DeleteReason.ASYMMETRIC;
        };
        return new LlcDeleteLink(version(), false, false, true, number, reason.code());
    }

    LlcDeleteLink deleteLinkAnswer(int number, boolean known) {
        return new LlcDeleteLink(version(), true, false, true, number, known ? 0 : DeleteReason.UNKNOWN_LINK.code());
    }

    LlcDeleteLink deleteAll(TerminationCause cause) {
        DeleteReason reason = switch (cause) {
            case PROTOCOL_VIOLATION -> DeleteReason.PROTOCOL_VIOLATION;
            case NODE_SHUTDOWN, DEVICE_REMOVED -> DeleteReason.OPERATOR;
            case LINKS_LOST -> DeleteReason.LOST_PATH;
            case IDLE, PEER_DELETED_ALL, OUT_OF_SYNC, FIRST_CONTACT_FAILED, PEER_GONE, OWNER_FAILED ->
                DeleteReason.PROGRAM;
        };
        return new LlcDeleteLink(version(), false, true, true, 0, reason.code());
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
