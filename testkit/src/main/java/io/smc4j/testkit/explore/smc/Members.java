package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent;
import io.smc4j.protocol.lifecycle.connection.ConnectionMachine;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.testkit.explore.smc.Peer.Handshake;

/** Connections of a group with their machines, from the join to the end. */
final class Members {
    private final Turn turn;

    Members(Turn turn) {
        this.turn = turn;
    }

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

    boolean alive(int side, int id) {
        ConnEnd end = turn.w.connection(side, id);
        return end != null && end.alive();
    }

    void killAll(int side, TerminationCause cause) {
        turn.handshakes.failHandshakes(side);
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
            turn.leases.writesNoMore(side, c);
        }
        c.stage = ConnEnd.Stage.STOPPED;
        peer.formerToken = c.token;
        if (peer.handshakes[id] == Handshake.JOINED || peer.handshakes[id] == Handshake.OFFERED) {
            turn.handshakes.tellHandshake(side, id);
        }
        turn.leases.bufferGoes(
                peer, c.buffer, turn.parts.bufferOfStopped(quiet, peer.state().phase() == GroupPhase.LISTED));
        turn.feed(side, new GroupEvent.Left(id));
    }

    /** The group was freed around it. */
    void orphaned(Peer peer, int id) {
        ConnEnd c = turn.w.edit(peer.side, id);
        c.stage = ConnEnd.Stage.STOPPED;
    }
}
