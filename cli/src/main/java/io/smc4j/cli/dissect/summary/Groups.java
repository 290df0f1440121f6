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
    private static final String OLDER = "older than this capture";

    private final Strangers strangers = new Strangers();
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
        LinkRecord link = links.get(new QueuePairKey(client.gid(), server.gid(), server.qpNumber()));
        if (accept.firstContact() || link == null) {
            GroupRecord group = known(accept, client).orElseGet(() -> begin(accept, confirm));
            link = add(group, server.gid(), server.qpNumber(), client.gid(), client.qpNumber());
            link.state = accept.firstContact() ? link.state : OLDER;
        }
        connection.group = link.group();
        link.group().connections++;
    }

    /** Two hosts have one group as a rule: what is no first contact and uses an unknown link uses an unknown link of that. */
    private Optional<GroupRecord> known(ClcAcceptSmcr accept, SmcrEndpoint client) {
        return accept.firstContact()
                ? Optional.empty()
                : groups.reversed().stream()
                        .filter(group -> group.joins(accept.endpoint().peerId(), client.peerId()))
                        .findFirst();
    }

    private GroupRecord begin(ClcAcceptSmcr accept, ClcConfirmSmcr confirm) {
        String eid = accept.eid().map(Eid::value).orElse("");
        GroupRecord group = new GroupRecord(groups.size() + 1, accept.firstContact(), accept.version(), eid);
        group.server = accept.extension().orElse(null);
        group.client = confirm.extension().orElse(null);
        group.serverPeer = accept.endpoint().peerId();
        group.clientPeer = confirm.endpoint().peerId();
        groups.add(group);
        return group;
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
        strangers.remove(key).filter(_ -> !link.group().beganInCapture()).ifPresent(link.traffic()::add);
        links.put(key, link);
    }

    Optional<GroupRecord> of(Place place) {
        return link(place).map(LinkRecord::group);
    }

    private Optional<LinkRecord> link(Place place) {
        return Optional.ofNullable(links.get(QueuePairKey.of(place)));
    }

    void cdc(Place place) {
        count(place);
    }

    private void count(Place place) {
        if (!place.retransmission()) {
            traffic(place).ifPresent(traffic -> traffic.messages++);
        }
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
        QueuePairKey key = QueuePairKey.of(place);
        LinkRecord link = links.get(key);
        return link != null ? Optional.of(link.traffic()) : strangers.traffic(key);
    }

    /** Finds out what can be known only at the end of the capture. */
    void finish() {
        adopt();
        replay();
        for (QueuePairKey key : strangers.all()) {
            strangers.get(key).filter(traffic -> traffic.messages > 0).ifPresent(traffic -> {
                withoutHandshake(key, traffic);
                replay();
            });
        }
        groups.forEach(GroupRecord::settle);
    }

    private void replay() {
        strangers.replay(heard -> {
            Optional<LinkRecord> link = link(heard.place());
            link.ifPresent(known -> llc(heard.message(), heard.place(), known));
            return link.isPresent();
        });
    }

    /** Links that are older than the capture, but of hosts whose link group is known by now. */
    private void adopt() {
        for (QueuePairKey toServer : strangers.all()) {
            Optional<QueuePairKey> back = strangers.answering(toServer);
            Optional<GroupRecord> group = groups.reversed().stream()
                    .filter(known -> known.connects(toServer.source(), toServer.destination(), hosts))
                    .findFirst();
            if (back.isPresent() && group.isPresent() && strangers.get(toServer).isPresent()) {
                Gid server = toServer.destination();
                add(
                                group.get(),
                                server,
                                toServer.queuePair(),
                                toServer.source(),
                                back.get().queuePair())
                        .state = OLDER;
            }
        }
    }

    /** A link of which there are messages, but no handshake: which end is the server, only some messages tell. */
    private void withoutHandshake(QueuePairKey key, LinkRecord.Traffic traffic) {
        Optional<QueuePairKey> back = strangers.answering(key);
        Optional<LinkRecord.Traffic> answers = back.flatMap(strangers::get);
        boolean fromServer = traffic.fromServer;
        boolean toServer = answers.filter(other -> other.fromServer).isPresent();
        int backQueuePair = back.map(QueuePairKey::queuePair).orElse(-1);
        GroupRecord group = groups.stream()
                .filter(known -> !known.handshakeSeen())
                .filter(known -> known.connects(key.source(), key.destination(), hosts)
                        || known.connects(key.destination(), key.source(), hosts))
                .findFirst()
                .orElseGet(() -> {
                    GroupRecord made = new GroupRecord(groups.size() + 1, false, 0, "");
                    made.rolesKnown = fromServer || toServer;
                    groups.add(made);
                    return made;
                });
        boolean clientSent =
                group.links().isEmpty() ? !fromServer : group.connects(key.source(), key.destination(), hosts);
        LinkRecord link = clientSent
                ? add(group, key.destination(), key.queuePair(), key.source(), backQueuePair)
                : add(group, key.source(), backQueuePair, key.destination(), key.queuePair());
        link.state = OLDER;
    }

    void llc(LlcMessage message, Place place) {
        count(place);
        traffic(place).ifPresent(traffic -> Strangers.learn(message, traffic));
        Optional<LinkRecord> found = link(place);
        if (found.isEmpty()) {
            strangers.llc(message, place);
            if (message instanceof LlcAddLink add && !add.rejected() && !add.isInvitation()) {
                hosts.join(place.source(), add.gid());
            }
        } else {
            llc(message, place, found.get());
        }
    }

    private void llc(LlcMessage message, Place place, LinkRecord link) {
        link.group().version = message.version();
        switch (message) {
            case LlcConfirmLink confirm -> {
                link.number = confirm.linkNumber();
                link.confirming(confirm.response());
            }
            case LlcAddLink add -> addLink(add, link.group(), place);
            case LlcDeleteLink delete -> deleteLink(delete, link);
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
            rejected(add, group);
            return;
        }
        hosts.join(place.source(), add.gid());
        LlcAddLink offer = group.offered;
        if (offer != null) {
            LinkRecord link = add(group, offer.gid(), offer.qpNumber(), add.gid(), add.qpNumber());
            link.number = offer.linkNumber();
            link.adding();
            group.offered = null;
        }
    }

    /** A client rejects an offer, or gives up a link that it had agreed to and that did not work. */
    private static void rejected(LlcAddLink add, GroupRecord group) {
        Optional<LinkRecord> agreed = group.link(add.linkNumber());
        if (agreed.isEmpty()) {
            group.rejectedLinks++;
            group.offered = null;
        } else if (agreed.get().inTheMaking()) {
            agreed.get().state = "not added: the client gave it up";
        }
    }

    private static void deleteLink(LlcDeleteLink delete, LinkRecord over) {
        if (delete.response()) {
            return;
        }
        String why = (delete.orderly() ? "deleted, orderly: " : "deleted: ")
                + delete.knownReason()
                        .map(reason -> reason.meaning())
                        .orElseGet(() -> "reason 0x" + Integer.toHexString(delete.reason()));
        if (delete.all()) {
            over.group().ending = over.group().ending.isEmpty() ? why : over.group().ending;
        } else {
            over.group().delete(delete.linkNumber(), over, why);
        }
    }

    List<GroupRecord> all() {
        return List.copyOf(groups);
    }
}
