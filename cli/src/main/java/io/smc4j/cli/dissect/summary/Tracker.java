package io.smc4j.cli.dissect.summary;

import io.smc4j.cli.dissect.message.Body;
import io.smc4j.cli.dissect.message.Layer;
import io.smc4j.cli.dissect.message.Message;
import io.smc4j.cli.dissect.message.Place;
import io.smc4j.cli.dissect.stream.Sink;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.PeerId;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.SmcdControlArea;
import io.smc4j.protocol.clc.ClcAcceptSmcd;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcd;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.SmcrEndpoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts messages together to connections and link groups. Bounded: what exceeds the bounds is counted, not kept. */
public final class Tracker implements Sink {
    private static final int MOST_CONNECTIONS = 100_000;

    private record TcpKey(Gid client, int clientPort, Gid server, int serverPort) {}

    private static final int MOST_PORT_PAIRS = 10_000;

    private record PortPair(Gid source, Gid destination) {}

    private final Set<PortPair> foreign = new HashSet<>();
    private final List<ConnectionRecord> connections = new ArrayList<>();
    private final Map<TcpKey, ConnectionRecord> byPorts = new HashMap<>();
    private final Map<Integer, List<ConnectionRecord>> byToken = new HashMap<>();
    private final Map<PeerId, Gid> peers = new HashMap<>();
    private final Hosts hosts = new Hosts();
    private final Groups groups = new Groups(hosts);
    private final Map<Layer, Long> counts = new EnumMap<>(Layer.class);
    private long broken;
    private long skipped;
    private final Map<ConnectionRecord, Place> olderPlaces = new HashMap<>();
    private long unknownConnections;
    private long sentAgain;

    @Override
    public void syn(Opening opening) {
        if (opening.answer()) {
            ConnectionRecord known = byPorts.get(new TcpKey(
                    opening.destination(), opening.destinationPort(), opening.source(), opening.sourcePort()));
            if (known != null) {
                known.answered = true;
                known.optionAnswered = opening.option();
            }
            return;
        }
        open(opening.source(), opening.sourcePort(), opening.destination(), opening.destinationPort(), opening.nanos())
                        .optionOffered =
                opening.option();
    }

    private ConnectionRecord open(Gid client, int clientPort, Gid server, int serverPort, long nanos) {
        ConnectionRecord connection = new ConnectionRecord(client, clientPort, server, serverPort, nanos);
        if (connections.size() < MOST_CONNECTIONS) {
            connections.add(connection);
            byPorts.put(new TcpKey(client, clientPort, server, serverPort), connection);
        } else {
            unknownConnections++;
        }
        return connection;
    }

    @Override
    public void skipped(long frame, String reason) {
        skipped++;
    }

    @Override
    public void message(Message message) {
        counts.merge(message.layer(), 1L, Long::sum);
        sentAgain += message.place().retransmission() ? 1 : 0;
        switch (message.body()) {
            case Body.Clc clc -> clc(clc.message(), message.place());
            case Body.Llc llc -> groups.llc(llc.message(), message.place());
            case Body.Cdc cdc -> {
                groups.cdc(message.place());
                cdc(cdc.message(), message.place());
            }
            case Body.Rdma rdma -> {
                if (!groups.rdma(rdma, message.place()) && rdma.addressKnown()) {
                    recognise(rdma.address(), message.place());
                }
            }
            case Body.Broken _ -> broken++;
            case Body.Option _, Body.ControlArea _ -> {}
        }
    }

    private void clc(ClcMessage message, Place place) {
        boolean fromServer = message instanceof ClcAcceptSmcr || message instanceof ClcAcceptSmcd;
        ConnectionRecord connection = find(place, fromServer);
        connection.endedNanos = place.nanos();
        boolean sentByServer =
                !connection.client().equals(place.source()) || connection.clientPort() != place.sourcePort();
        switch (message) {
            case ClcProposal _ -> connection.proposed = true;
            case ClcAcceptSmcr accept -> {
                connection.accepted = true;
                connection.firstContact = accept.firstContact();
                connection.serverEnd = accept.endpoint();
                know(accept.endpoint(), place.source());
                connection.toServer().ring(accept.endpoint().rmbeSize().bytes());
                byToken(accept.endpoint().alertToken(), connection);
                groups.accepted(connection, accept);
            }
            case ClcConfirmSmcr confirm -> {
                connection.confirmed = true;
                connection.clientEnd = confirm.endpoint();
                know(confirm.endpoint(), place.source());
                confirm.gids().forEach(gid -> hosts.join(place.source(), gid));
                connection.toClient().ring(confirm.endpoint().rmbeSize().bytes());
                byToken(confirm.endpoint().alertToken(), connection);
                groups.confirmed(connection, confirm);
            }
            case ClcAcceptSmcd accept -> {
                connection.accepted = true;
                connection.firstContact = accept.firstContact();
                connection.serverDmb = accept.endpoint();
                connection.toServer().ring(accept.endpoint().dmbeSize().bytes() - SmcdControlArea.LENGTH);
            }
            case ClcConfirmSmcd _ -> connection.confirmed = true;
            case ClcDecline decline -> {
                connection.decline = decline;
                connection.declinedByServer = sentByServer;
            }
        }
    }

    private void byToken(int token, ConnectionRecord connection) {
        if (byToken.size() < 2 * MOST_CONNECTIONS) {
            byToken.computeIfAbsent(token, _ -> new ArrayList<>()).add(connection);
        }
    }

    private void know(SmcrEndpoint end, Gid tcpAddress) {
        hosts.join(tcpAddress, end.gid());
        if (!end.peerId().isNone()) {
            Gid known = peers.putIfAbsent(end.peerId(), tcpAddress);
            if (known != null) {
                hosts.join(known, tcpAddress);
            }
        }
    }

    private ConnectionRecord find(Place place, boolean fromServer) {
        TcpKey asClient = new TcpKey(place.source(), place.sourcePort(), place.destination(), place.destinationPort());
        TcpKey asServer = new TcpKey(place.destination(), place.destinationPort(), place.source(), place.sourcePort());
        ConnectionRecord known = byPorts.getOrDefault(asClient, byPorts.get(asServer));
        if (known != null) {
            return known;
        }
        TcpKey key = fromServer ? asServer : asClient;
        return open(key.client(), key.clientPort(), key.server(), key.serverPort(), place.nanos());
    }

    private void cdc(CdcMessage cdc, Place place) {
        List<ConnectionRecord> candidates = byToken.getOrDefault(cdc.alertToken(), List.of());
        if (cdc.isFailoverValidation()) {
            joinHosts(candidates, cdc, place);
        }
        for (ConnectionRecord connection : candidates.reversed()) {
            Optional<Direction> direction = direction(connection, cdc.alertToken(), place.destination());
            if (direction.isPresent()) {
                if (!place.retransmission()) {
                    direction.get().accept(cdc);
                }
                connection.endedNanos = place.nanos();
                return;
            }
        }
        ConnectionRecord older = open(place.source(), -1, place.destination(), cdc.alertToken(), place.nanos());
        if (olderPlaces.size() < MOST_PORT_PAIRS) {
            olderPlaces.put(older, place);
        }
        older.toServer().accept(cdc);
        byToken(cdc.alertToken(), older);
    }

    /**
     * A connection that moves to another link says so with the number of a message sent before: so the ports of this link belong to
     * the hosts of that connection, if it can be no other.
     */
    private void joinHosts(List<ConnectionRecord> candidates, CdcMessage cdc, Place place) {
        int token = cdc.alertToken();
        List<ConnectionRecord> toServer = candidates.stream()
                .filter(known -> known.receives(true, token) && known.toServer().sent(cdc.sequence()))
                .toList();
        List<ConnectionRecord> toClient = candidates.stream()
                .filter(known ->
                        known.receives(false, token) && known.toClient().sent(cdc.sequence()))
                .toList();
        if (toServer.size() + toClient.size() == 1) {
            ConnectionRecord moved = toServer.isEmpty() ? toClient.getFirst() : toServer.getFirst();
            hosts.join(toServer.isEmpty() ? moved.client() : moved.server(), place.destination());
            hosts.join(toServer.isEmpty() ? moved.server() : moved.client(), place.source());
        }
    }

    /**
     * A write over a link that was made before the capture began: whose buffer it goes to tells whose ports these are. A link
     * group survives a failed link so, and its connections go on elsewhere.
     */
    private void recognise(long address, Place place) {
        if (!foreign.add(new PortPair(place.source(), place.destination())) || foreign.size() > MOST_PORT_PAIRS) {
            return;
        }
        for (ConnectionRecord connection : connections.reversed()) {
            boolean toServer = connection.ownsAddress(true, address);
            if (toServer || connection.ownsAddress(false, address)) {
                hosts.join(toServer ? connection.server() : connection.client(), place.destination());
                hosts.join(toServer ? connection.client() : connection.server(), place.source());
                return;
            }
        }
        foreign.remove(new PortPair(place.source(), place.destination()));
    }

    /** Puts together what turned out to belong together. To be called once, at the end of the capture. */
    public void finish() {
        for (ConnectionRecord older : List.copyOf(connections)) {
            if (older.older()) {
                byToken.getOrDefault(older.serverPort(), List.of()).reversed().stream()
                        .filter(known -> !known.older())
                        .filter(known -> direction(known, older.serverPort(), older.server())
                                .isPresent())
                        .findFirst()
                        .ifPresent(known -> {
                            direction(known, older.serverPort(), older.server())
                                    .orElseThrow()
                                    .join(older.toServer());
                            known.endedNanos = Math.max(known.endedNanos, older.endedNanos);
                            connections.remove(older);
                        });
            }
        }
        groups.finish();
        olderPlaces.forEach((older, place) -> older.group = groups.of(place).orElse(null));
    }

    /** Which way a message for this token at this host goes, if it is the connection's. */
    private Optional<Direction> direction(ConnectionRecord connection, int token, Gid destination) {
        if (connection.receives(true, token) && hosts.same(connection.server(), destination)) {
            return Optional.of(connection.toServer());
        }
        return connection.receives(false, token) && hosts.same(connection.client(), destination)
                ? Optional.of(connection.toClient())
                : Optional.empty();
    }

    public List<GroupRecord> groups() {
        return groups.all();
    }

    /** The connections that have to do with SMC. */
    public List<ConnectionRecord> connections() {
        return connections.stream().filter(ConnectionRecord::concernsSmc).toList();
    }

    /** How many TCP connections have not. */
    public long plainConnections() {
        return (long) connections.size() - connections().size();
    }

    /** How many messages of a layer there were. */
    public long count(Layer layer) {
        return counts.getOrDefault(layer, 0L);
    }

    /** Messages that break the protocol. */
    public long broken() {
        return broken;
    }

    /** Packets that could not be read. */
    public long skipped() {
        return skipped;
    }

    /** Messages and packets that had been sent before. */
    public long sentAgain() {
        return sentAgain;
    }

    /** Connections that were not kept because there are too many. */
    public long unknownConnections() {
        return unknownConnections;
    }
}
