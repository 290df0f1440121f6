package io.smc4j.cli.dissect.summary;

import io.smc4j.cli.dissect.message.Body;
import io.smc4j.cli.dissect.message.Place;
import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.SmcrEndpoint;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcDeleteLink;
import io.smc4j.protocol.llc.LlcMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The link groups of a capture and their links. */
final class Groups {
    private record QueuePairKey(Gid source, Gid destination, int queuePair) {}

    private final Hosts hosts;
    private final List<GroupRecord> groups = new ArrayList<>();
    private final Map<QueuePairKey, LinkRecord> links = new HashMap<>();
    private final Map<ConnectionRecord, ClcAcceptSmcr> accepts = new HashMap<>();

    Groups(Hosts hosts) {
        this.hosts = hosts;
    }

    void accepted(ConnectionRecord connection, ClcAcceptSmcr accept) {
        accepts.put(connection, accept);
    }

    void confirmed(ConnectionRecord connection, ClcConfirmSmcr confirm) {
        ClcAcceptSmcr accept = accepts.remove(connection);
        if (accept == null) {
            return;
        }
        SmcrEndpoint server = accept.endpoint();
        SmcrEndpoint client = confirm.endpoint();
        LinkRecord known = links.get(new QueuePairKey(client.gid(), server.gid(), server.qpNumber()));
        if (accept.firstContact() || known == null) {
            GroupRecord group = new GroupRecord(
                    groups.size() + 1,
                    accept.firstContact(),
                    accept.version(),
                    accept.eid().map(Eid::value).orElse(""));
            group.server = accept.extension().orElse(null);
            group.client = confirm.extension().orElse(null);
            groups.add(group);
            known = add(group, server.gid(), server.qpNumber(), client.gid(), client.qpNumber());
            known.state = accept.firstContact() ? known.state : "older than this capture";
        }
        connection.group = known.group();
        known.group().connections++;
    }

    private LinkRecord add(GroupRecord group, Gid serverGid, int serverQp, Gid clientGid, int clientQp) {
        LinkRecord link = new LinkRecord(group, serverGid, serverQp, clientGid, clientQp);
        group.add(link);
        links.put(new QueuePairKey(clientGid, serverGid, serverQp), link);
        links.put(new QueuePairKey(serverGid, clientGid, clientQp), link);
        return link;
    }

    Optional<GroupRecord> of(Place place) {
        return link(place).map(LinkRecord::group);
    }

    private Optional<LinkRecord> link(Place place) {
        return Optional.ofNullable(links.get(new QueuePairKey(place.source(), place.destination(), place.queuePair())));
    }

    void cdc(Place place) {
        link(place).ifPresent(link -> link.messages++);
    }

    void rdma(Body.Rdma rdma, Place place) {
        if (rdma.packet().opcode().isWrite() && !place.retransmission()) {
            link(place).ifPresent(link -> {
                link.writes += rdma.packet().opcode().begins() ? 1 : 0;
                link.writtenBytes += rdma.payloadLength();
            });
        }
    }

    void llc(LlcMessage message, Place place) {
        Optional<LinkRecord> found = link(place);
        if (found.isEmpty()) {
            return;
        }
        LinkRecord link = found.get();
        link.messages++;
        GroupRecord group = link.group();
        switch (message) {
            case LlcConfirmLink confirm -> {
                link.number = confirm.linkNumber();
                link.state = confirm.response() ? "active" : "CONFIRM LINK not answered";
            }
            case LlcAddLink add -> addLink(add, group, place);
            case LlcDeleteLink delete -> deleteLink(delete, group);
            default -> {}
        }
    }

    private void addLink(LlcAddLink add, GroupRecord group, Place place) {
        if (!add.response()) {
            if (!add.isInvitation()) {
                group.offered = add;
                hosts.join(place.source(), add.gid());
            }
            return;
        }
        if (add.rejected()) {
            group.rejectedLinks++;
            group.offered = null;
            return;
        }
        hosts.join(place.source(), add.gid());
        LlcAddLink offer = group.offered;
        if (offer != null) {
            LinkRecord link = add(group, offer.gid(), offer.qpNumber(), add.gid(), add.qpNumber());
            link.number = offer.linkNumber();
            link.state = "being added";
            group.offered = null;
        }
    }

    private static void deleteLink(LlcDeleteLink delete, GroupRecord group) {
        if (delete.response()) {
            return;
        }
        String why = (delete.orderly() ? "deleted, orderly: " : "deleted: ")
                + delete.knownReason()
                        .map(reason -> reason.meaning())
                        .orElseGet(() -> "reason 0x" + Integer.toHexString(delete.reason()));
        if (delete.all()) {
            group.ending = why;
            return;
        }
        group.link(delete.linkNumber()).ifPresent(link -> link.state = why);
    }

    List<GroupRecord> all() {
        return List.copyOf(groups);
    }
}
