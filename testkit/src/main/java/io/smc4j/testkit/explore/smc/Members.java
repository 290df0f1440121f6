package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent;
import io.smc4j.protocol.lifecycle.connection.ConnectionMachine;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.LinkEntry;
import io.smc4j.protocol.lifecycle.group.LinkStage;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.testkit.explore.smc.Buffer.State;
import io.smc4j.testkit.explore.smc.Peer.Handshake;
import io.smc4j.testkit.explore.smc.SmcParts.BufferFate;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Connections of a group from the match in the registry to the end: handshake, machine, buffer. */
final class Members {
    private final Turn turn;

    Members(Turn turn) {
        this.turn = turn;
    }

    // ---- the connection's machine ----

    void feed(int side, int id, ConnectionEvent event) {
        ConnEnd c = turn.w.edit(side, id);
        long now = event instanceof ConnectionEvent.DrainDeadline ? c.machine.drainDeadlineNanos() : 0;
        ConnectionMachine.Step step = turn.parts.connection(c.machine, event, now);
        c.machine = step.state();
        turn.log(() -> "%s's connection %d: %s -> %s, %s"
                .formatted(
                        SmcWorld.name(side),
                        id,
                        event,
                        step.effects(),
                        step.state().phase()));
        for (ConnectionEffect effect : step.effects()) {
            ConnEnd end = turn.w.edit(side, id);
            Promise.ONE_REASON.check(
                    end.releases == 0,
                    "connection %d of the %s is released, then asks for %s",
                    id,
                    SmcWorld.name(side),
                    effect);
            carryOut(side, id, end, effect);
        }
    }

    private void carryOut(int side, int id, ConnEnd c, ConnectionEffect effect) {
        switch (effect) {
            case ConnectionEffect.SendStateFlags e -> {
                c.wantedFlags |= e.flags();
                turn.data.push(side, id);
            }
            case ConnectionEffect.StopOutput e -> c.outputStopped = true;
            case ConnectionEffect.StopInput e -> c.inputStopped = true;
            case ConnectionEffect.RequestDrain e -> c.drainWanted = true;
            case ConnectionEffect.CancelDrain e -> c.drainWanted = false;
            case ConnectionEffect.FailApplication e -> {
                Promise.ONE_REASON.check(
                        !c.failed, "the application of connection %d of the %s fails twice", id, SmcWorld.name(side));
                c.failed = true;
            }
            case ConnectionEffect.DropPassiveReference e -> {
                c.passiveDrops++;
                Promise.FREED_ONCE.check(
                        c.passiveDrops == 1,
                        "connection %d of the %s drops its passive reference twice",
                        id,
                        SmcWorld.name(side));
            }
            case ConnectionEffect.Release e -> {
                c.releases++;
                c.stage = ConnEnd.Stage.DETACHING;
                c.detaching = true;
                turn.data.push(side, id);
            }
            case ConnectionEffect.ShutdownTcpOutput e -> {}
            case ConnectionEffect.ShutdownTcpBoth e -> {}
            case ConnectionEffect.ResetTcp e -> {}
            case ConnectionEffect.EndInput e -> {}
            case ConnectionEffect.WakeAll e -> {}
        }
    }

    private boolean alive(int side, int id) {
        ConnEnd end = turn.w.connection(side, id);
        return end != null && end.alive();
    }

    // ---- match and join ----

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
        c.buffer = claim(peer, id);
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

    private static int claim(Peer peer, int id) {
        int fresh = 0;
        for (int i = peer.buffers.length - 1; i > 0; i--) {
            Buffer buffer = peer.buffers[i];
            if (buffer == null) {
                fresh = i;
            } else if (buffer.state() == State.FREE) {
                peer.buffers[i] = Buffer.leasedTo(id);
                return i;
            }
        }
        peer.buffers[fresh] = Buffer.leasedTo(id);
        return fresh;
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
        if (alive(side, id)) {
            turn.w.edit(side, id).open = true;
            feed(side, id, new ConnectionEvent.HandshakeCompleted());
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

    // ---- the TCP connection ----

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
        if (alive(SmcWorld.SERVER, id)) {
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
                boolean found = turn.parts.mayMatch(client.registry)
                        && client.state().links().get(message.link()) instanceof LinkEntry entry
                        && entry.stage() == LinkStage.ACTIVE;
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
                } // else nobody reads there
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

    private void handshakeOver(int side, int id) {
        turn.w.edit(side).handshakes[id] = Handshake.OVER;
        abandon(side, id);
        if (turn.w.peer(side).state().phase() == GroupPhase.FORMING) {
            turn.feed(side, new GroupEvent.Terminate(TerminationCause.FIRST_CONTACT_FAILED));
        }
    }

    // ---- failing and ending ----

    void failHandshakes(int side) {
        for (int id = 0; id <= turn.w.connections(); id++) {
            fail(side, id);
        }
    }

    private void fail(int side, int id) {
        Handshake at = turn.w.peer(side).handshakes[id];
        if (at == Handshake.JOINED || at == Handshake.OFFERED) {
            tellHandshake(side, id);
            abandon(side, id);
        }
    }

    /** The group cannot serve it: the other end is declined, if it can read that now. */
    private void tellHandshake(int side, int id) {
        Peer peer = turn.w.edit(side);
        boolean later = side == SmcWorld.SERVER && peer.handshakes[id] == Handshake.OFFERED;
        peer.handshakes[id] = later ? Handshake.FAILING : Handshake.OVER;
        if (!later) {
            turn.w.sendTcp(side, id, Tcp.of(Tcp.Kind.DECLINE));
        }
    }

    private void abandon(int side, int id) {
        if (alive(side, id)) {
            feed(side, id, new ConnectionEvent.HandshakeFailed());
        } else if (id > 0 && turn.w.connection(side, id) == null) {
            turn.feed(side, new GroupEvent.Left(id));
        }
    }

    void killAll(int side, TerminationCause cause) {
        failHandshakes(side);
        AbortCause abort = switch (cause) {
            case LINKS_LOST -> AbortCause.LINKS_LOST;
            case PROTOCOL_VIOLATION -> AbortCause.PROTOCOL_VIOLATION;
            case PEER_GONE -> AbortCause.PEER_GONE;
            default -> AbortCause.LINK_GROUP_TERMINATING;
        };
        for (int id = 1; id <= turn.w.connections(); id++) {
            if (alive(side, id)) {
                feed(side, id, new ConnectionEvent.Kill(abort));
            }
        }
    }

    void move(int side, int from, int to) {
        for (int id = 1; id <= turn.w.connections(); id++) {
            ConnEnd end = turn.w.connection(side, id);
            if (end != null && end.alive() && end.link == from) {
                turn.data.use(side, id, to);
            }
        }
    }

    boolean drains(int side, int id, ConnEnd c) {
        return c.stage == ConnEnd.Stage.ATTACHED && c.drainWanted && c.written == c.finished;
    }

    void drained(int side, int id) {
        ConnEnd c = turn.w.edit(side, id);
        c.drainWanted = false;
        feed(side, id, new ConnectionEvent.Drained(c.hasUnread()));
    }

    /** Nothing of it is in flight, and its flags have arrived or never will. */
    boolean mayBeLetGo(int side, int id, ConnEnd c) {
        return c.stage == ConnEnd.Stage.DETACHING
                && turn.parts.mayDetach(DataPath.inFlight(turn.w, side, id))
                && (!c.flagsOutstanding()
                        || (hopeless(turn.w, side, c)
                                && turn.w.peer(side).state().phase().terminating()));
    }

    /** It uses a link on which nothing can be sent. */
    static boolean hopeless(SmcWorld w, int side, ConnEnd c) {
        LinkEnd link = w.link(side, c.link);
        return link == null || !link.sendable();
    }

    /** Nobody here can touch its buffers any more: the connection's actor stops. */
    void detached(int side, int id) {
        stopped(side, id, true);
    }

    /** Stopped without being asked whether anything is in flight. */
    void stopAll(int side) {
        for (int id = 1; id <= turn.w.connections(); id++) {
            if (alive(side, id)) {
                stopped(side, id, false);
            }
        }
    }

    private void stopped(int side, int id, boolean quiet) {
        Peer peer = turn.w.edit(side);
        ConnEnd c = turn.w.edit(side, id);
        Promise.ONE_REASON.check(
                !quiet || (c.releases == 1 && c.machine.reason() != null),
                "connection %d of the %s stops after %d releases, because of %s",
                id,
                peer.name(),
                c.releases,
                c.machine.reason());
        Promise.CHILDREN_FIRST.check(
                !quiet || DataPath.inFlight(turn.w, side, id) == 0,
                "connection %d of the %s is let go with CDC messages in flight",
                id,
                peer.name());
        if (c.answerOn > 0 && quiet) {
            turn.links.answer(side, c.answerOn, Msg.Kind.DELETE_RKEY_ANSWER, c.peerBuffer);
        }
        c.stage = ConnEnd.Stage.STOPPED;
        peer.formerToken = c.token;
        if (peer.handshakes[id] == Handshake.JOINED || peer.handshakes[id] == Handshake.OFFERED) {
            tellHandshake(side, id);
        }
        bufferGoes(
                peer, c.buffer, turn.parts.bufferOfStopped(quiet, peer.state().phase() == GroupPhase.LISTED));
        turn.feed(side, new GroupEvent.Left(id));
    }

    /** The group was freed around it. */
    void orphaned(Peer peer, int id) {
        ConnEnd c = turn.w.edit(peer.side, id);
        c.stage = ConnEnd.Stage.STOPPED;
    }

    // ---- buffers ----

    /** The connection that has a buffer of ours, or 0. */
    int ownerOf(Peer peer, int buffer) {
        for (int id = 1; id < peer.connections.length; id++) {
            ConnEnd c = peer.connections[id];
            if (c != null && c.alive() && c.buffer == buffer) {
                return id;
            }
        }
        return 0;
    }

    /** The peer withdraws a buffer. @return whether a connection writes to it, which must stop first */
    boolean writes(int side, int buffer, int on) {
        for (int id = 1; id <= turn.w.connections(); id++) {
            ConnEnd c = turn.w.connection(side, id);
            if (c != null && c.alive() && c.peerBuffer == buffer && turn.parts.endsWritersBeforeAnswering()) {
                if (c.open) {
                    turn.w.edit(side, id).answerOn = on;
                    return true;
                }
                fail(side, id); // it has written nothing yet, and must not begin
                return false;
            }
        }
        return false;
    }

    /** What it may still learn of the peer's end is learnt first; then nothing more is written, and all writes are over. */
    static boolean mayAnswerWithdrawal(SmcWorld w, int side, int id, ConnEnd c) {
        return c.alive()
                && c.answerOn > 0
                && (c.writesOver ? !DataPath.writesInFlight(w, side, id) : Links.unpolled(w, side) == 0);
    }

    void answerWithdrawal(int side, int id) {
        ConnEnd c = turn.w.edit(side, id);
        if (c.writesOver) {
            turn.links.answer(side, c.answerOn, Msg.Kind.DELETE_RKEY_ANSWER, c.peerBuffer);
            c.answerOn = 0;
            return;
        }
        c.writesOver = true;
        if (!ConnEnd.deaf(c.peerFlags)) {
            feed(side, id, new ConnectionEvent.Kill(AbortCause.PEER_GONE));
        }
    }

    /** @param fate null: the group is freed, and its memory with it */
    void bufferGoes(Peer peer, int index, @Nullable BufferFate fate) {
        Buffer buffer = peer.buffers[index];
        if (buffer == null) {
            return;
        }
        Promise.FREED_ONCE.check(
                buffer.state() != State.FREED, "buffer %d of the %s is given back twice", index, peer.name());
        switch (fate) {
            case null -> peer.buffers[index] = buffer.now(State.FREED);
            case QUARANTINE -> peer.buffers[index] = buffer.now(State.QUARANTINED);
            case REUSE -> {
                Promise.FREED_ONCE.check(
                        buffer.state() != State.FREE, "buffer %d of the %s is given back twice", index, peer.name());
                peer.buffers[index] = buffer.now(State.FREE);
            }
            case WITHDRAW -> {
                peer.buffers[index] = buffer.now(State.WITHDRAWING);
                peer.withdrawing |= 1 << index;
                turn.feed(peer.side, new GroupEvent.DeleteRkeyWanted(index));
            }
            case KEEP -> {}
        }
    }
}
