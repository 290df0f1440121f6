package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.group.Flow;
import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.GroupType;
import io.smc4j.protocol.lifecycle.group.LinkEntry;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.LinkStage;
import io.smc4j.testkit.explore.smc.Buffer.State;
import io.smc4j.testkit.explore.smc.Peer.Handshake;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What must hold when nothing is left that somebody must do. */
final class RestChecks {
    private final SmcModel model;
    private final SmcWorld w;

    RestChecks(SmcModel model, SmcWorld world) {
        this.model = model;
        this.w = world;
    }

    void check() {
        for (int side = 0; side < 2; side++) {
            if (!w.peer(side).crashed) {
                checkGroup(w.peer(side));
                checkBuffers(w.peer(side));
            }
        }
        boolean crash = w.peer(0).crashed || w.peer(1).crashed;
        if (!crash) {
            checkBothGroups();
        }
        for (int id = 1; id <= w.connections(); id++) {
            checkConnection(SmcWorld.SERVER, id, crash);
            checkConnection(SmcWorld.CLIENT, id, crash);
        }
    }

    private static void checkGroup(Peer peer) {
        LinkGroupState state = peer.state();
        Promise.ENDING_ENDS.check(
                !state.phase().terminating() || peer.over(), "the %s's group stays in %s", peer.name(), state.phase());
        Promise.ENDING_ENDS.check(
                state.flow() instanceof Flow.None || neverBegan(peer),
                "the flow %s of the %s never ends",
                state.flow(),
                peer.name());
        for (int i = 1; i < peer.links.length; i++) {
            LinkEnd link = peer.links[i];
            Promise.ENDING_ENDS.check(
                    link == null || !link.clearing(), "link %d of the %s is never cleared: %s", i, peer.name(), link);
        }
        for (LinkEntry entry : state.links().values()) {
            Promise.ENDING_ENDS.check(
                    peer.over() || entry.stage() == LinkStage.ACTIVE, "%s of the %s stays so", entry, peer.name());
        }
        for (int id = 0; id < peer.handshakes.length; id++) {
            Handshake at = peer.handshakes[id];
            Promise.ENDING_ENDS.check(
                    at == Handshake.NONE || at == Handshake.OPEN || at == Handshake.OVER,
                    "the handshake of connection %d of the %s stays %s",
                    id,
                    peer.name(),
                    at);
        }
    }

    private static boolean neverBegan(Peer peer) {
        return peer.state().phase() == GroupPhase.FORMING
                && peer.state().links().isEmpty();
    }

    private void checkBuffers(Peer peer) {
        for (int i = 1; i < peer.buffers.length; i++) {
            Buffer buffer = peer.buffers[i];
            if (buffer == null) {
                continue;
            }
            Promise.ENDING_ENDS.check(
                    !peer.over() || buffer.state() == State.FREED || buffer.state() == State.QUARANTINED,
                    "buffer %d of the %s outlives its group",
                    i,
                    peer.name());
            Promise.ENDING_ENDS.check(
                    buffer.state() != State.WITHDRAWING, "buffer %d of the %s is never withdrawn", i, peer.name());
            ConnEnd owner = peer.connections[buffer.connection()];
            Promise.ENDING_ENDS.check(
                    buffer.state() != State.LEASED || (owner != null && owner.alive()),
                    "buffer %d of the %s is leased to a connection that is gone",
                    i,
                    peer.name());
            Promise.NO_NEEDLESS_WAIT.check(
                    buffer.state() != State.QUARANTINED || w.disturbed,
                    "buffer %d of the %s is quarantined, but nothing was disturbed",
                    i,
                    peer.name());
        }
    }

    private void checkBothGroups() {
        Peer server = w.peer(SmcWorld.SERVER);
        Peer client = w.peer(SmcWorld.CLIENT);
        boolean began = !neverBegan(client) && !neverBegan(server);
        Promise.ENDS_AGREE.check(
                server.over() == client.over() || !began,
                "the %s's group is freed, the other's stays for ever",
                server.over() ? "server" : "client");
        if (server.over() || client.over() || !began) {
            return;
        }
        Promise.ENDS_AGREE.check(
                active(server).equals(active(client)),
                "the server has links %s, the client %s",
                active(server),
                active(client));
        int ports =
                Math.min(server.state().ports().size(), client.state().ports().size());
        Promise.ENDS_AGREE.check(
                w.disturbed
                        || active(server).size()
                                >= Math.min(ports, server.state().maxLinks()),
                "nothing was disturbed, but of %d possible links there are %s",
                ports,
                active(server));
        // A link that fails while it is being added is not tried again, as with Linux.
        boolean patient = model.options.established()
                && spent(Budget.EARLY_DEADLINE) == 0
                && spent(Budget.LINK_FAILURE) + spent(Budget.PORT_DOWN) <= 1;
        Promise.ENDS_AGREE.check(
                !patient
                        || ports < 2
                        || server.state().maxLinks() < 2
                        || server.state().type() == GroupType.SYMMETRIC,
                "two ports are up at both ends, but the group is %s",
                server.state().type());
        if (!w.disturbed) {
            // A CONFIRM RKEY that comes after the DELETE RKEY on another link leaves a key behind: it is used again
            // with its buffer.
            checkRtokens(server, client);
            checkRtokens(client, server);
        }
    }

    private int spent(Budget what) {
        return model.options.budget(what) - w.budget[what.ordinal()];
    }

    /** A key that its owner has withdrawn is forgotten. */
    private void checkRtokens(Peer peer, Peer owner) {
        for (int i = 1; i < owner.buffers.length; i++) {
            Buffer buffer = owner.buffers[i];
            boolean known = (peer.rtokens >> i & 1) != 0;
            Promise.ENDS_AGREE.check(
                    !known || (buffer != null && buffer.state() != State.FREE),
                    "the %s knows the key of buffer %d of the %s, which is free for others",
                    peer.name(),
                    i,
                    owner.name());
        }
    }

    private static Set<Integer> active(Peer peer) {
        Set<Integer> active = new TreeSet<>();
        for (LinkEntry entry : peer.state().links().values()) {
            if (entry.stage() == LinkStage.ACTIVE) {
                active.add(entry.number());
            }
        }
        return active;
    }

    private void checkConnection(int side, int id, boolean crash) {
        Peer peer = w.peer(side);
        ConnEnd here = peer.connections[id];
        if (peer.crashed || here == null || !here.alive()) {
            return;
        }
        String name = "connection %d of the %s".formatted(id, peer.name());
        Promise.ENDING_ENDS.check(here.stage == ConnEnd.Stage.ATTACHED, "%s is never let go", name);
        Promise.ENDING_ENDS.check(!here.drainWanted, "%s drains for ever", name);
        Promise.ENDS_AGREE.check(!crash, "%s lives on, its peer is dead", name);
        ConnEnd there = w.connection(1 - side, id);
        boolean alone = there == null || !there.alive();
        boolean aware = here.machine.peerFlags() != 0 || here.machine.reason() != null;
        Promise.ENDS_AGREE.check(
                !alone || aware, "%s is open, and knows nothing of the end of its other end: %s", name, there);
        Promise.ENDING_ENDS.check(
                !alone || !here.machine.appClosed(), "%s is closed and waits for an end that is gone", name);
        Promise.ENDING_ENDS.check(
                there == null || !here.machine.appClosed() || !there.machine.appClosed(),
                "connection %d is closed at both ends and never over",
                id);
        checkBytes(name, here, there);
    }

    private void checkBytes(String name, ConnEnd here, @Nullable ConnEnd there) {
        if (there == null || here.failed || here.inputStopped || !here.open || !there.open) {
            return;
        }
        boolean full = here.received - here.consumed >= model.options.ring();
        boolean expected = there.alive() ? !there.failed && !there.detaching : there.endedInOrder();
        Promise.NO_BYTE_LOST.check(
                !expected || full || here.received == there.written,
                "%s has received %d bytes, %d were written, and nobody sends the rest",
                name,
                here.received,
                there.written);
    }
}
