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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The link groups of a capture and their links. */
final class Groups {
    private record QueuePairKey(Gid source, Gid destination, int queuePair) {}

    private static final int MOST_FOREIGN = 1_000;

    private final Map<QueuePairKey, LinkRecord.Traffic> foreign = new LinkedHashMap<>();
    private final Map<LlcDeleteLink, Place> deletes = new LinkedHashMap<>();
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
        put(new QueuePairKey(clientGid, serverGid, serverQp), link);
        put(new QueuePairKey(serverGid, clientGid, clientQp), link);
        return link;
    }

    /** A link of a group that is older than the capture may have been heard before its handshake. */
    private void put(QueuePairKey key, LinkRecord link) {
        LinkRecord.Traffic earlier = foreign.remove(key);
        if (earlier != null && !link.group().beganInCapture()) {
            link.traffic().add(earlier);
        }
        links.put(key, link);
    }

    Optional<GroupRecord> of(Place place) {
        return link(place).map(LinkRecord::group);
    }

    private Optional<LinkRecord> link(Place place) {
        return Optional.ofNullable(links.get(new QueuePairKey(place.source(), place.destination(), place.queuePair())));
    }

    void cdc(Place place) {
        traffic(place).ifPresent(traffic -> traffic.messages++);
    }

    /**
     * Counts what a write moves.
     *
     * @return whether the packet belongs to a known link, or moves no data
     */
    boolean rdma(Body.Rdma rdma, Place place) {
        if (!rdma.packet().opcode().isWrite() || place.retransmission()) {
            return true;
        }
        traffic(place).ifPresent(traffic -> {
            traffic.writes += rdma.packet().opcode().begins() ? 1 : 0;
            traffic.writtenBytes += rdma.payloadLength();
        });
        return link(place).isPresent();
    }

    /** Where to count what a packet carries; empty if there are too many queue pairs that nobody knows. */
    private Optional<LinkRecord.Traffic> traffic(Place place) {
        QueuePairKey key = new QueuePairKey(place.source(), place.destination(), place.queuePair());
        LinkRecord link = links.get(key);
        if (link != null) {
            return Optional.of(link.traffic());
        }
        if (foreign.size() >= MOST_FOREIGN) {
            return Optional.ofNullable(foreign.get(key));
        }
        return Optional.of(foreign.computeIfAbsent(key, _ -> new LinkRecord.Traffic()));
    }

    /** Links that are older than the capture, but of hosts whose link group is known by now. */
    void finish() {
        for (QueuePairKey toServer : List.copyOf(foreign.keySet())) {
            Optional<QueuePairKey> back = foreign.keySet().stream()
                    .filter(key -> key.source().equals(toServer.destination())
                            && key.destination().equals(toServer.source()))
                    .findFirst();
            Optional<GroupRecord> group = groups.reversed().stream()
                    .filter(known -> known.connects(toServer.source(), toServer.destination(), hosts))
                    .findFirst();
            if (back.isPresent() && group.isPresent() && foreign.containsKey(toServer)) {
                LinkRecord link = add(
                        group.get(),
                        toServer.destination(),
                        toServer.queuePair(),
                        toServer.source(),
                        back.get().queuePair());
                link.state = "older than this capture";
            }
        }
        deletes.forEach((delete, place) -> link(place).ifPresent(link -> deleteLink(delete, link.group())));
    }

    void llc(LlcMessage message, Place place) {
        traffic(place).ifPresent(traffic -> traffic.messages++);
        Optional<LinkRecord> found = link(place);
        if (found.isEmpty()) {
            if (message instanceof LlcDeleteLink delete && deletes.size() < MOST_FOREIGN) {
                deletes.put(delete, place);
            }
            return;
        }
        LinkRecord link = found.get();
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
        group.link(delete.linkNumber())
                .ifPresentOrElse(link -> link.state = why, () -> group.note("link " + delete.linkNumber() + " " + why));
    }

    List<GroupRecord> all() {
        return List.copyOf(groups);
    }
}
