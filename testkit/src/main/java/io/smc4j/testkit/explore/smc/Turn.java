package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One step in the making: a copy of the world, and everybody who works on it. Lives for one step. */
final class Turn {
    final SmcParts parts;
    final SmcOptions options;
    final SmcWorld w;
    final Links links = new Links(this);
    final DataPath data = new DataPath(this);
    final Members members = new Members(this);
    final Handshakes handshakes = new Handshakes(this);
    final Leases leases = new Leases(this);
    private final GroupBook book;
    private final Consumer<Supplier<String>> log;
    private final GroupSide groups = new GroupSide(this);
    private final List<Deque<GroupEvent>> events = List.of(new ArrayDeque<>(), new ArrayDeque<>());
    private final boolean[] feeding = new boolean[2];

    Turn(SmcParts parts, SmcOptions options, GroupBook book, SmcWorld world, Consumer<Supplier<String>> log) {
        this.parts = parts;
        this.options = options;
        this.book = book;
        this.w = world;
        this.log = log;
    }

    static LocalPort port(int side, int port) {
        return new LocalPort(side == SmcWorld.SERVER ? "s" : "c", port);
    }

    static Gid gid(int side, int port) {
        return Gid.ofIpv4Mapped((side == SmcWorld.SERVER ? 0x0A000100 : 0x0A000200) + port);
    }

    void log(Supplier<String> line) {
        log.accept(line);
    }

    /** Feeds a group; events that its effects cause are fed after it, in order, as the link group's actor does. */
    void feed(int side, GroupEvent event) {
        Deque<GroupEvent> queue = events.get(side);
        queue.add(event);
        if (feeding[side]) {
            return;
        }
        feeding[side] = true;
        for (GroupEvent next = queue.poll(); next != null; next = queue.poll()) {
            step(side, next);
        }
        feeding[side] = false;
    }

    private void step(int side, GroupEvent event) {
        Peer peer = w.edit(side);
        if (peer.crashed) {
            return;
        }
        GroupBook.Page before = peer.group;
        GroupBook.Taken taken = book.step(before, event);
        peer.group = taken.to();
        boolean armed = switch (taken.armsFlow()) {
            case NOW -> true;
            case AS_BEFORE -> peer.flowArmed;
            case NOT -> false;
        };
        peer.flowArmed = armed && taken.to().state.flow().id() != 0;
        log(() -> "%s's group: %s -> %s%s"
                .formatted(
                        peer.name(),
                        event,
                        taken.effects(),
                        taken.to().state.phase() == before.state.phase()
                                ? ""
                                : ", now " + taken.to().state.phase()));
        if (taken.missing() != null) {
            Promise.DEADLINE_ARMED.check(false, "%s of the %s waits without a deadline", taken.missing(), peer.name());
        }
        groups.carryOut(side, taken.effects());
    }

    /** The end of the step: what follows from it at once, then promises. */
    SmcWorld end() {
        for (int side = 0; side < 2; side++) {
            notifyIfSent(side);
        }
        if (options.atOnce()) {
            boolean more = true;
            while (more) {
                more = localSteps(SmcWorld.SERVER) | localSteps(SmcWorld.CLIENT);
            }
        }
        for (int side = 0; side < 2; side++) {
            groups.check(side);
        }
        return w.sealed();
    }

    /** What the node does that nobody else can see. @return whether there was anything */
    private boolean localSteps(int side) {
        Peer peer = w.peer(side);
        if (peer.crashed) {
            return false;
        }
        for (int number = 1; number <= SmcWorld.LINKS; number++) {
            LinkEnd link = peer.links[number];
            if (link != null && localStep(side, number, link)) {
                notifyIfSent(side);
                return true;
            }
        }
        for (int id = 1; id <= w.connections(); id++) {
            ConnEnd connection = peer.connections[id];
            if (connection != null && members.drains(side, id, connection)) {
                members.drained(side, id);
                return true;
            }
            if (connection != null && Leases.mayAnswerWithdrawal(w, side, id, connection)) {
                leases.answerWithdrawal(side, id);
                return true;
            }
            if (connection != null && members.mayBeLetGo(side, id, connection)) {
                members.detached(side, id);
                return true;
            }
        }
        return false;
    }

    private boolean localStep(int side, int number, LinkEnd link) {
        if (link.busy()) {
            links.called(side, number);
            return true;
        }
        if (!link.clearing()) {
            return false;
        }
        if (Links.inFlight(w, side, number) > 0) {
            links.flush(side, number);
            return true;
        }
        if (parts.mayDestroyQueuePair(link.outstanding(), Links.unpolled(w, side, number))) {
            links.destroy(side, number);
            return true;
        }
        return false;
    }

    /** DELETE LINK (all) is the last message of a group: when none is in flight any more, it has left. */
    private void notifyIfSent(int side) {
        Peer peer = w.peer(side);
        if (!peer.notifying || peer.crashed) {
            return;
        }
        for (int link = 1; link <= SmcWorld.LINKS; link++) {
            for (Msg message : w.lane(1 - side, link)) {
                if (message.isLlc() && !message.done() && peer.links[link] != null) {
                    return;
                }
            }
        }
        w.edit(side).notifying = false;
        if (peer.state().phase() == GroupPhase.NOTIFYING_PEER) {
            feed(side, new GroupEvent.PeerNotified());
        }
    }
}
