package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.testkit.explore.Fingerprint;
import io.smc4j.testkit.explore.smc.SmcParts.Registry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One node: its link group, the group's links, connections and buffers, and where the group stands in the registry. */
final class Peer {
    /** Where the handshake of a connection is, on this side. */
    enum Handshake {
        NONE,
        /** The registry has found the group; the join is on its way to it. */
        MATCHED,
        /** A member; the RMB's rkey is being confirmed, or the first link made. */
        JOINED,
        /** Server: ACCEPT is out. Client, first contact: CONFIRM is out. */
        OFFERED,
        /** Server: failed after ACCEPT was out; says so when CONFIRM comes. */
        FAILING,
        OPEN,
        /** It failed, or never was. */
        OVER
    }

    final int side;
    GroupBook.Page group;
    Registry registry = Registry.CREATING;
    boolean crashed;
    boolean flowArmed;
    boolean notifying;
    int unlisted;
    int freed;
    int answers;
    /** Connections that wait for RkeyConfirmed, buffers that wait for RkeyDeleted, buffers of the peer that are known: bits. */
    int confirming;

    int withdrawing;
    int rtokens;
    /** The token of the connection that stopped last. */
    int formerToken;

    @Nullable
    LinkEnd[] links;

    @Nullable
    ConnEnd[] connections;

    @Nullable
    Buffer[] buffers;

    Handshake[] handshakes;

    Peer(int side, GroupBook.Page group, int connections) {
        this.side = side;
        this.group = group;
        links = new LinkEnd[SmcWorld.LINKS + 1];
        this.connections = new ConnEnd[connections + 1];
        buffers = new Buffer[connections + 1];
        handshakes = new Handshake[connections + 1];
        Arrays.fill(handshakes, Handshake.NONE);
    }

    Peer(Peer other) {
        side = other.side;
        group = other.group;
        registry = other.registry;
        crashed = other.crashed;
        flowArmed = other.flowArmed;
        notifying = other.notifying;
        unlisted = other.unlisted;
        freed = other.freed;
        answers = other.answers;
        confirming = other.confirming;
        withdrawing = other.withdrawing;
        rtokens = other.rtokens;
        formerToken = other.formerToken;
        links = other.links.clone();
        connections = other.connections.clone();
        buffers = other.buffers.clone();
        handshakes = other.handshakes.clone();
    }

    LinkGroupState state() {
        return group.state;
    }

    boolean over() {
        return group.state.phase() == GroupPhase.FREED;
    }

    boolean server() {
        return side == SmcWorld.SERVER;
    }

    String name() {
        return SmcWorld.name(side);
    }

    /** Whether messages that arrive on the link can be received. */
    boolean receives(int number) {
        LinkEnd link = links[number];
        return link != null
                && (link.stage() == LinkEnd.Stage.READY || (!server() && link.stage() != LinkEnd.Stage.CREATING));
    }

    void fingerprint(Fingerprint f) {
        if (crashed) {
            f.add(-1);
            return;
        }
        f.add(group.number);
        f.add(registry.ordinal()
                | (flowArmed ? 8 : 0)
                | (notifying ? 16 : 0)
                | unlisted << 5
                | freed << 7
                | answers << 9
                | (long) confirming << 16
                | (long) withdrawing << 24
                | (long) rtokens << 32
                | (long) formerToken << 40);
        for (int i = 1; i < links.length; i++) {
            LinkEnd link = links[i];
            if (link != null) {
                f.add(i);
                link.fingerprint(f);
            }
        }
        f.add(-2);
        long packed = 0;
        for (int i = 1; i < connections.length; i++) {
            packed = packed << 4 | handshakes[i].ordinal();
            ConnEnd connection = connections[i];
            if (connection == null) {
                f.add(-3);
            } else {
                connection.fingerprint(f);
            }
            Buffer buffer = buffers[i];
            f.add(buffer == null ? -4 : buffer.packed());
        }
        f.add(packed);
    }
}
