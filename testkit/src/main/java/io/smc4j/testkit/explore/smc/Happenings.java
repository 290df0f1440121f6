package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent;
import io.smc4j.protocol.lifecycle.connection.ConnectionState.Drain;
import io.smc4j.protocol.lifecycle.connection.Permission;
import io.smc4j.protocol.lifecycle.connection.StateFlags;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.LinkEntry;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.protocol.lifecycle.link.LinkDownCause;
import io.smc4j.protocol.lifecycle.link.LinkEvent;
import io.smc4j.testkit.explore.Action;
import io.smc4j.testkit.explore.smc.Peer.Handshake;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What can happen next in a world. */
final class Happenings {
    private final SmcModel model;
    private final SmcWorld w;
    private final List<Action<SmcWorld>> duties = new ArrayList<>();
    private final List<Action<SmcWorld>> choices = new ArrayList<>();
    private final List<Deadline> deadlines = new ArrayList<>();

    /** @param needless whether it should never have to pass where nothing was disturbed */
    private record Deadline(Budget budget, boolean needless, Supplier<String> title, Consumer<Turn> effect) {}

    Happenings(SmcModel model, SmcWorld world) {
        this.model = model;
        this.w = world;
    }

    List<Action<SmcWorld>> all() {
        for (int side = 0; side < 2; side++) {
            Peer peer = w.peer(side);
            if (peer.crashed) {
                continue;
            }
            for (int number = 1; number <= SmcWorld.LINKS; number++) {
                LinkEnd link = peer.links[number];
                if (link != null) {
                    link(side, number, link);
                }
            }
            group(peer);
            for (int id = 0; id <= w.connections(); id++) {
                handshake(peer, id);
                ConnEnd connection = peer.connections[id];
                if (connection != null && connection.alive()) {
                    connection(side, id, connection);
                }
            }
        }
        environment();
        return joined();
    }

    /** A deadline passes when nothing else is left to happen, or early, if the budget allows. */
    private List<Action<SmcWorld>> joined() {
        List<Action<SmcWorld>> all = new ArrayList<>(duties);
        for (Deadline deadline : deadlines) {
            if (duties.isEmpty()) {
                Promise.NO_NEEDLESS_WAIT.check(
                        w.disturbed || !deadline.needless(),
                        "nothing was disturbed, but only a deadline helps: %s",
                        deadline.title().get());
                all.add(Action.duty(deadline.title(), (world, log) -> model.step(world, log, deadline.effect())));
            } else if (w.may(deadline.budget())) {
                all.add(Action.choice(
                        () -> "early: " + deadline.title().get(),
                        (world, log) -> model.step(world, log, turn -> {
                            turn.w.spend(deadline.budget());
                            turn.w.disturbed = true;
                            deadline.effect().accept(turn);
                        })));
            }
        }
        all.addAll(choices);
        return all;
    }

    private void duty(Supplier<String> title, Consumer<Turn> effect) {
        duties.add(Action.duty(title, (world, log) -> model.step(world, log, effect)));
    }

    private void choice(@Nullable Budget budget, boolean disturbs, Supplier<String> title, Consumer<Turn> effect) {
        if (budget != null && !w.may(budget)) {
            return;
        }
        choices.add(Action.choice(
                title,
                (world, log) -> model.step(world, log, turn -> {
                    if (budget != null) {
                        turn.w.spend(budget);
                    }
                    turn.w.disturbed |= disturbs;
                    effect.accept(turn);
                })));
    }

    private void deadline(Budget budget, boolean needless, Supplier<String> title, Consumer<Turn> effect) {
        deadlines.add(new Deadline(budget, needless, title, effect));
    }

    // ---- links ----

    private void link(int side, int number, LinkEnd link) {
        String name = SmcWorld.name(side);
        if (link.busy()) {
            duty(
                    () -> "%s: link %d's queue pair is %s"
                            .formatted(name, number, link.stage() == LinkEnd.Stage.CREATING ? "there" : "RTS"),
                    t -> t.links.called(side, number));
        }
        if (link.uncounted() > 0) {
            duty(() -> "%s: link %d counts what was posted".formatted(name, number), t -> t.links.count(side, number));
        }
        boolean working = link.machine().phase().usable();
        boolean dead = w.isBroken(number) && link.stage() != LinkEnd.Stage.CREATING;
        if (working && (dead || link.failed())) {
            duty(
                    () -> "%s notices that link %d does not work".formatted(name, number),
                    t -> t.links.notice(side, number));
        }
        if (!working && link.stage() != LinkEnd.Stage.CREATING) {
            choice(
                    null,
                    false,
                    () -> "%s: the port of link %d is said to be down, too".formatted(name, number),
                    t -> t.links.feed(side, number, new LinkEvent.DownTriggered(LinkDownCause.PORT_ERROR), 0));
        }
        if (link.clearing() && !link.busy()) {
            clearing(side, number, link);
        }
        messages(side, number);
        if (!link.failed() && !w.isBroken(number) && link.stage() != LinkEnd.Stage.CREATING) {
            failures(side, number);
        }
    }

    private void clearing(int side, int number, LinkEnd link) {
        String name = SmcWorld.name(side);
        if (Links.inFlight(w, side, number) > 0) {
            duty(
                    () -> "%s: work requests of link %d complete as flushed".formatted(name, number),
                    t -> t.links.flush(side, number));
        }
        if (model.parts.mayDestroyQueuePair(link.outstanding(), Links.unpolled(w, side, number))) {
            duty(
                    () -> "%s: link %d's queue pair is destroyed".formatted(name, number),
                    t -> t.links.destroy(side, number));
        }
    }

    private void messages(int side, int number) {
        boolean works = !w.isBroken(number);
        for (Msg message : w.lane(side, number)) {
            if (message.taken()) {
                continue;
            }
            if (message.arrived() || (works && w.peer(side).receives(number))) {
                duty(
                        () -> "%s <- %s on link %d".formatted(SmcWorld.name(side), message, number),
                        t -> t.links.take(side, number));
            }
            break;
        }
        boolean receives = w.peer(1 - side).receives(number);
        for (Msg message : w.lane(1 - side, number)) {
            if (!message.isLlc() && !message.done() && works && receives) {
                duty(
                        () -> "%s: %s on link %d completes".formatted(SmcWorld.name(side), message, number),
                        t -> t.links.complete(side, number));
                break;
            }
        }
    }

    private void failures(int side, int number) {
        boolean other = w.link(1 - side, number) != null;
        if (side == SmcWorld.CLIENT && other) {
            return; // the same failure
        }
        choice(Budget.LINK_FAILURE, true, () -> "link %d fails".formatted(number), t -> t.links.broke(number, false));
        boolean underWay = w.lane(0, number).length + w.lane(1, number).length > 0;
        if (underWay) {
            choice(
                    Budget.LINK_FAILURE,
                    true,
                    () -> "link %d fails, what was under way has arrived, unseen".formatted(number),
                    t -> t.links.broke(number, true));
        }
    }

    // ---- groups ----

    private void group(Peer peer) {
        int side = peer.side;
        String name = peer.name();
        if (peer.over()) {
            return;
        }
        int flow = peer.state().flow().id();
        if (peer.flowArmed) {
            deadline(
                    Budget.EARLY_DEADLINE,
                    true,
                    () -> "%s: deadline of %s".formatted(name, peer.state().flow()),
                    t -> t.feed(side, new GroupEvent.FlowDeadline(flow)));
        }
        peer.state()
                .waiting()
                .forEach(request -> deadline(
                        Budget.EARLY_DEADLINE,
                        true,
                        () -> "%s: deadline of the waiting %s".formatted(name, request),
                        t -> t.feed(side, new GroupEvent.RequestDeadline(request.id()))));
        GroupPhase phase = peer.state().phase();
        if (phase.terminating()) {
            deadline(
                    Budget.SLOW_END,
                    true,
                    () -> "%s: deadline of %s".formatted(name, phase),
                    t -> t.feed(side, new GroupEvent.StepDeadline(phase)));
            return;
        }
        choice(
                Budget.TERMINATE,
                true,
                () -> "%s shuts its link group down".formatted(name),
                t -> t.feed(side, new GroupEvent.Terminate(TerminationCause.NODE_SHUTDOWN)));
        if (phase == GroupPhase.LISTED && peer.state().connections().isEmpty()) {
            choice(
                    Budget.IDLE,
                    true,
                    () -> "%s: idle time is over".formatted(name),
                    t -> t.feed(side, new GroupEvent.IdleDeadline(0)));
        }
        choice(Budget.CRASH, true, () -> "the %s's process dies".formatted(name), t -> model.crash(t, side));
        ports(peer);
    }

    private void ports(Peer peer) {
        int side = peer.side;
        int ports = side == SmcWorld.SERVER ? model.options.serverPorts() : model.options.clientPorts();
        for (int i = 1; i <= ports; i++) {
            LocalPort port = Turn.port(side, i);
            if (peer.state().ports().contains(port)) {
                choice(Budget.PORT_DOWN, true, () -> "%s: port %d goes down".formatted(peer.name(), port.port()), t -> {
                    t.feed(side, new GroupEvent.PortDown(port));
                    for (LinkEntry entry : peer.state().links().values()) {
                        LinkEnd link = t.w.link(side, entry.number());
                        if (link != null && entry.local().equals(port)) {
                            t.w.edit(side).links[entry.number()] = link.failing(true);
                            t.links.broke(entry.number(), false);
                        }
                    }
                });
            } else {
                choice(
                        Budget.PORT_UP,
                        false,
                        () -> "%s: port %d comes up".formatted(peer.name(), port.port()),
                        t -> t.feed(side, new GroupEvent.PortUp(port)));
            }
        }
    }

    // ---- handshakes and connections ----

    private void handshake(Peer peer, int id) {
        int side = peer.side;
        Handshake at = peer.handshakes[id];
        if (at == Handshake.MATCHED) {
            duty(
                    () -> "%s: connection %d asks the link group for a place".formatted(peer.name(), id),
                    t -> t.handshakes.join(side, id));
        } else if (w.tcp(side, id).length > 0) {
            Tcp first = w.tcp(side, id)[0];
            duty(
                    () -> "%s <- %s for connection %d".formatted(peer.name(), first, id),
                    t -> t.handshakes.takeTcp(side, id));
        }
        boolean waits = peer.server()
                ? at == Handshake.OFFERED || at == Handshake.FAILING
                : at == Handshake.NONE && w.peer(SmcWorld.SERVER).handshakes[id] != Handshake.NONE;
        if (waits && w.tcp(side, id).length == 0) {
            deadline(
                    Budget.EARLY_DEADLINE,
                    true,
                    () -> "%s gives up the handshake of connection %d".formatted(peer.name(), id),
                    t -> t.handshakes.giveUpHandshake(side, id));
        }
    }

    private void connection(int side, int id, ConnEnd c) {
        String name = "%s: connection %d".formatted(SmcWorld.name(side), id);
        if (c.doubted >= 0) {
            if (model.parts.mayJudge(Links.unpolled(w, side))) {
                duty(() -> name + " judges the peer's link switch", t -> t.data.judge(side, id));
            }
        }
        if (c.answerOn > 0 && !model.options.atOnce() && Leases.mayAnswerWithdrawal(w, side, id, c)) {
            duty(() -> name + " lets go of the withdrawn buffer", t -> t.leases.answerWithdrawal(side, id));
        }
        if (c.stage == ConnEnd.Stage.DETACHING) {
            detaching(side, id, c, name);
            return;
        }
        boolean unread = c.hasUnread();
        if (c.drainWanted && c.written == c.finished) {
            duty(() -> name + " has drained", t -> t.members.drained(side, id));
        }
        if (c.machine.drain() != Drain.NONE) {
            deadline(
                    Budget.EARLY_DEADLINE,
                    false,
                    () -> name + " does not drain in time",
                    t -> t.members.feed(side, id, new ConnectionEvent.DrainDeadline(unread)));
        }
        if (w.peer(side).handshakes[id] == Handshake.OPEN) {
            application(side, id, c, name);
        }
    }

    private void detaching(int side, int id, ConnEnd c, String name) {
        if (!model.parts.mayDetach(DataPath.inFlight(w, side, id))) {
            return;
        }
        boolean hopeless = Members.hopeless(w, side, c);
        if (!c.flagsOutstanding() || (hopeless && w.peer(side).state().phase().terminating())) {
            duty(() -> name + " is let go", t -> t.members.detached(side, id));
        } else if (hopeless) {
            deadline(
                    Budget.EARLY_DEADLINE,
                    true,
                    () -> name + " is let go, its flags unsent",
                    t -> t.members.detached(side, id));
        }
    }

    private void application(int side, int id, ConnEnd c, String name) {
        boolean unread = c.hasUnread();
        if (unread && !c.failed && !c.inputStopped) {
            choice(null, false, () -> name + " is read", t -> t.data.read(side, id));
        }
        boolean maySend = c.machine.maySend() == Permission.GRANTED && !c.failed && !c.outputStopped;
        if (maySend && c.written < model.options.writes() && !ConnEnd.deaf(c.peerFlags)) {
            choice(Budget.WRITE, false, () -> name + " is written to", t -> t.data.write(side, id));
        }
        if (c.machine.appClosed()) {
            return;
        }
        choice(
                Budget.CLOSE,
                false,
                () -> name + " is closed",
                t -> t.members.feed(side, id, new ConnectionEvent.AppClose(unread)));
        if (c.machine.phase().mayShutDown()
                && c.machine.drain() == Drain.NONE
                && (c.machine.sentFlags() & StateFlags.DONE_WRITING) == 0) {
            choice(
                    Budget.SHUTDOWN,
                    false,
                    () -> name + "'s output is shut down",
                    t -> t.members.feed(side, id, new ConnectionEvent.AppShutdownWrite()));
        }
        choice(
                Budget.ABORT,
                false,
                () -> name + " is aborted",
                t -> t.members.feed(side, id, new ConnectionEvent.Kill(AbortCause.APPLICATION_ABORT)));
    }

    private void environment() {
        Peer server = w.peer(SmcWorld.SERVER);
        Peer client = w.peer(SmcWorld.CLIENT);
        if (server.crashed || client.crashed || !model.parts.mayMatch(server.registry)) {
            return;
        }
        for (int id = 1; id <= w.connections(); id++) {
            if (server.handshakes[id] == Handshake.NONE) {
                int next = id;
                choice(
                        Budget.CONNECT,
                        false,
                        () -> "connection %d is made to the server".formatted(next),
                        t -> t.handshakes.connect(next));
                return;
            }
        }
    }
}
