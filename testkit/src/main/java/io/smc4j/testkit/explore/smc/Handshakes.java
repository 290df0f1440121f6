package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.testkit.explore.smc.Peer.Handshake;
import java.util.OptionalInt;

/** How connections come to be: match in the registry, join, rkey, the messages on the TCP connection, and how that fails. */
final class Handshakes {
    private final Turn turn;

    Handshakes(Turn turn) {
        this.turn = turn;
    }

    /** Server: a client connects; the registry finds it a group. */
    void connect(int id) {
        Peer server = turn.w.edit(SmcWorld.SERVER);
        Promise.UNLIST_FIRST.check(
                server.unlisted == 0, "connection %d is matched to a link group that is unlisted", id);
        server.handshakes[id] = Handshake.MATCHED;
    }

    /** What the registry found is asked for a place. */
    void join(int side, int id) {
        Peer peer = turn.w.peer(side);
        OptionalInt link =
                side == SmcWorld.SERVER ? OptionalInt.empty() : OptionalInt.of(turn.w.tcp(side, id)[0].link());
        if (peer.over()) {
            joinRefused(side, id); // its actor is gone, which whoever asks it hears
        } else if (side == SmcWorld.CLIENT && (peer.links[link.getAsInt()] == null || !knowsKey(peer, id))) {
            joinRefused(side, id);
        } else {
            turn.feed(side, new GroupEvent.Join(id, link));
        }
    }

    /** The server confirmed the key before ACCEPT: if it is not known it was withdrawn since. */
    private boolean knowsKey(Peer client, int id) {
        int buffer = turn.w.tcp(SmcWorld.CLIENT, id)[0].buffer();
        return turn.parts.mayJoinWithoutKey() || (client.rtokens >> buffer & 1) != 0;
    }

    void joinRefused(int side, int id) {
        Peer peer = turn.w.edit(side);
        peer.handshakes[id] = Handshake.OVER;
        if (side == SmcWorld.CLIENT) {
            turn.w.takeTcp(side, id);
        }
        turn.w.sendTcp(side, id, Tcp.of(Tcp.Kind.DECLINE));
    }

    void joined(int side, int id, int link) {
        Peer peer = turn.w.edit(side);
        ConnEnd c = new ConnEnd();
        c.link = link;
        c.token = turn.parts.token(id, peer.formerToken);
        c.buffer = Leases.claim(peer, id);
        peer.connections[id] = c;
        peer.handshakes[id] = Handshake.JOINED;
        if (side == SmcWorld.CLIENT) {
            Tcp accept = turn.w.takeTcp(side, id);
            c.peerBuffer = accept.buffer();
            c.peerToken = accept.token();
        }
        if (peer.state().phase() == GroupPhase.LISTED) {
            peer.confirming |= 1 << id;
            turn.feed(side, new GroupEvent.ConfirmRkeyWanted(id));
        }
    }

    void firstLinkPrepared(int side) {
        int id = turn.options.connected() > 0 ? 1 : 0;
        Peer peer = turn.w.edit(side);
        ConnEnd c = peer.connections[id];
        if (c != null && peer.handshakes[id] != Handshake.JOINED) {
            return;
        }
        peer.handshakes[id] = Handshake.OFFERED;
        Tcp.Kind kind = side == SmcWorld.SERVER ? Tcp.Kind.ACCEPT_FIRST : Tcp.Kind.CONFIRM;
        turn.w.sendTcp(side, id, new Tcp(kind, 1, c == null ? 0 : c.buffer, c == null ? 0 : c.token));
        if (side == SmcWorld.CLIENT && c != null) {
            peer.rtokens |= 1 << c.peerBuffer;
        }
    }

    void established(int side) {
        int id = turn.options.connected() > 0 ? 1 : 0;
        if (turn.w.peer(side).handshakes[id] == Handshake.OFFERED) {
            open(side, id);
        }
    }

    private void open(int side, int id) {
        turn.w.edit(side).handshakes[id] = Handshake.OPEN;
        if (turn.members.alive(side, id)) {
            turn.w.edit(side, id).open = true;
            turn.members.feed(side, id, new ConnectionEvent.HandshakeCompleted());
            turn.data.push(side, id);
        }
    }

    void rkeyConfirmed(int side, int id, boolean confirmed) {
        Peer peer = turn.w.edit(side);
        ConnEnd c = peer.connections[id];
        if (c == null || !c.alive() || peer.handshakes[id] != Handshake.JOINED) {
            return;
        }
        if (!confirmed) {
            fail(side, id);
        } else if (side == SmcWorld.SERVER) {
            peer.handshakes[id] = Handshake.OFFERED;
            turn.w.sendTcp(side, id, new Tcp(Tcp.Kind.ACCEPT, c.link, c.buffer, c.token));
        } else {
            turn.w.sendTcp(side, id, new Tcp(Tcp.Kind.CONFIRM, 0, c.buffer, c.token));
            peer.rtokens |= 1 << c.peerBuffer;
            open(side, id);
        }
    }

    void takeTcp(int side, int id) {
        Tcp first = turn.w.tcp(side, id)[0];
        if (side == SmcWorld.SERVER) {
            turn.w.takeTcp(side, id);
            serverTakes(id, first);
        } else {
            clientTakes(id, first);
        }
    }

    private void serverTakes(int id, Tcp message) {
        Peer server = turn.w.edit(SmcWorld.SERVER);
        Handshake at = server.handshakes[id];
        switch (message.kind()) {
            case CONFIRM -> {
                if (at == Handshake.FAILING) {
                    server.handshakes[id] = Handshake.OVER;
                    turn.w.sendTcp(SmcWorld.SERVER, id, Tcp.of(Tcp.Kind.DECLINE));
                } else if (at == Handshake.OFFERED) {
                    confirmed(server, id, message);
                }
            }
            case DECLINE, DECLINE_OUT_OF_SYNC, RESET -> {
                boolean under = at == Handshake.OFFERED || at == Handshake.JOINED || at == Handshake.FAILING;
                if (under && message.kind() == Tcp.Kind.DECLINE_OUT_OF_SYNC) {
                    turn.feed(SmcWorld.SERVER, new GroupEvent.Terminate(TerminationCause.OUT_OF_SYNC));
                }
                if (at == Handshake.OFFERED || at == Handshake.JOINED) {
                    handshakeOver(SmcWorld.SERVER, id);
                } else if (at == Handshake.FAILING) {
                    server.handshakes[id] = Handshake.OVER;
                } else if (at == Handshake.OPEN) {
                    tcpBroke(SmcWorld.SERVER, id);
                }
            }
            case ACCEPT, ACCEPT_FIRST -> throw new IllegalStateException();
        }
    }

    private void confirmed(Peer server, int id, Tcp message) {
        boolean first = server.state().phase() == GroupPhase.FORMING;
        boolean known = (server.rtokens >> message.buffer() & 1) != 0;
        if (!first && !known && !turn.parts.mayJoinWithoutKey()) {
            turn.w.sendTcp(SmcWorld.SERVER, id, Tcp.of(Tcp.Kind.DECLINE));
            handshakeOver(SmcWorld.SERVER, id); // withdrawn since it was confirmed: the client's end is over
            return;
        }
        if (turn.members.alive(SmcWorld.SERVER, id)) {
            ConnEnd c = turn.w.edit(SmcWorld.SERVER, id);
            c.peerBuffer = message.buffer();
            c.peerToken = message.token();
            server.rtokens |= 1 << message.buffer();
        }
        if (first) {
            turn.feed(SmcWorld.SERVER, new GroupEvent.PeerKnown(Turn.gid(SmcWorld.CLIENT, 1)));
        } else {
            open(SmcWorld.SERVER, id);
        }
    }

    private void clientTakes(int id, Tcp message) {
        Peer client = turn.w.edit(SmcWorld.CLIENT);
        switch (message.kind()) {
            case ACCEPT -> {
                if (client.handshakes[id] == Handshake.OVER) {
                    turn.w.takeTcp(SmcWorld.CLIENT, id); // nobody waits for it any more
                    return;
                }
                boolean found = turn.parts.mayMatch(client.registry);
                if (found) {
                    client.handshakes[id] = Handshake.MATCHED; // ACCEPT is kept for the join
                } else {
                    turn.w.takeTcp(SmcWorld.CLIENT, id);
                    client.handshakes[id] = Handshake.OVER;
                    turn.w.sendTcp(SmcWorld.CLIENT, id, Tcp.of(Tcp.Kind.DECLINE_OUT_OF_SYNC));
                }
            }
            case ACCEPT_FIRST -> {
                if (client.over() || client.state().phase().terminating()) {
                    turn.w.takeTcp(SmcWorld.CLIENT, id);
                    turn.w.sendTcp(SmcWorld.CLIENT, id, Tcp.of(Tcp.Kind.DECLINE));
                    return;
                }
                turn.feed(
                        SmcWorld.CLIENT,
                        new GroupEvent.StartFirstContact(Turn.port(SmcWorld.CLIENT, 1), Turn.gid(SmcWorld.SERVER, 1)));
                if (id > 0) {
                    turn.feed(SmcWorld.CLIENT, new GroupEvent.Join(id, OptionalInt.empty()));
                } else {
                    turn.w.takeTcp(SmcWorld.CLIENT, id);
                }
            }
            case DECLINE, RESET -> {
                turn.w.takeTcp(SmcWorld.CLIENT, id);
                if (client.handshakes[id] == Handshake.NONE) {
                    client.handshakes[id] = Handshake.OVER;
                } else if (client.handshakes[id] == Handshake.OFFERED || client.handshakes[id] == Handshake.JOINED) {
                    handshakeOver(SmcWorld.CLIENT, id);
                } else if (client.handshakes[id] == Handshake.OPEN) {
                    tcpBroke(SmcWorld.CLIENT, id);
                }
            }
            case CONFIRM, DECLINE_OUT_OF_SYNC -> throw new IllegalStateException();
        }
    }

    /** Server: the client has not answered ACCEPT in time. Client: it gives up waiting for ACCEPT. */
    void giveUpHandshake(int side, int id) {
        turn.w.sendTcp(side, id, Tcp.of(Tcp.Kind.RESET));
        if (side == SmcWorld.SERVER) {
            handshakeOver(side, id);
        } else {
            turn.w.edit(side).handshakes[id] = Handshake.OVER;
        }
    }

    /** The TCP connection of an open connection is reset, or carries what it should not: its other end is gone. */
    private void tcpBroke(int side, int id) {
        ConnEnd end = turn.w.connection(side, id);
        if (end != null && end.stage == ConnEnd.Stage.ATTACHED && turn.parts.watchesTcp()) {
            turn.members.feed(side, id, new ConnectionEvent.Kill(AbortCause.TCP_ENDED));
        }
    }

    private void handshakeOver(int side, int id) {
        turn.w.edit(side).handshakes[id] = Handshake.OVER;
        abandon(side, id);
        if (turn.w.peer(side).state().phase() == GroupPhase.FORMING) {
            turn.feed(side, new GroupEvent.Terminate(TerminationCause.FIRST_CONTACT_FAILED));
        }
    }

    void failHandshakes(int side) {
        for (int id = 0; id <= turn.w.connections(); id++) {
            fail(side, id);
        }
    }

    void fail(int side, int id) {
        Handshake at = turn.w.peer(side).handshakes[id];
        if (at == Handshake.JOINED || at == Handshake.OFFERED) {
            tellHandshake(side, id);
            abandon(side, id);
        }
    }

    /** The group cannot serve it: the other end is declined, if it can read that now. */
    void tellHandshake(int side, int id) {
        Peer peer = turn.w.edit(side);
        boolean later = side == SmcWorld.SERVER && peer.handshakes[id] == Handshake.OFFERED;
        peer.handshakes[id] = later ? Handshake.FAILING : Handshake.OVER;
        if (!later) {
            turn.w.sendTcp(side, id, Tcp.of(Tcp.Kind.DECLINE));
        }
    }

    private void abandon(int side, int id) {
        if (turn.members.alive(side, id)) {
            turn.members.feed(side, id, new ConnectionEvent.HandshakeFailed());
        } else if (id > 0 && turn.w.connection(side, id) == null) {
            turn.feed(side, new GroupEvent.Left(id));
        }
    }
}
