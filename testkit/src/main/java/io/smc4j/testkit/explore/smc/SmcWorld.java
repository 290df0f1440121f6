package io.smc4j.testkit.explore.smc;

import io.smc4j.testkit.explore.Fingerprint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A state of the explored world. Fixed once made: a step works on a copy, which shares what the step does not touch.
 *
 * <p>A link number names one pair of queue pairs for good, since the machines never use a number again so soon.
 */
public final class SmcWorld {
    static final int SERVER = 0;
    static final int CLIENT = 1;
    /** Highest link number that can come up. */
    static final int LINKS = 12;

    private final Peer[] peers;
    private final boolean[] owned = new boolean[2];
    /** Messages by receiver and link. */
    private final Msg[][] lanes;
    /** Messages by receiver and connection. */
    private final Tcp[][] tcp;
    /** What the environment may still do, by {@link Budget}. */
    final int[] budget;
    /** Links that no longer carry anything: bits. */
    int broken;
    /** Something has failed, timed out early or been ended: waiting for a deadline is excusable from now on. */
    boolean disturbed;

    SmcWorld(Peer server, Peer client, int connections) {
        peers = new Peer[] {server, client};
        owned[SERVER] = true;
        owned[CLIENT] = true;
        lanes = new Msg[2 * (LINKS + 1)][];
        Arrays.fill(lanes, Msg.NONE);
        tcp = new Tcp[2 * (connections + 1)][];
        Arrays.fill(tcp, Tcp.NONE);
        budget = new int[Budget.values().length];
    }

    SmcWorld(SmcWorld other) {
        peers = other.peers.clone();
        lanes = other.lanes.clone();
        tcp = other.tcp.clone();
        budget = other.budget.clone();
        broken = other.broken;
        disturbed = other.disturbed;
    }

    static String name(int side) {
        return side == SERVER ? "server" : "client";
    }

    Peer peer(int side) {
        return peers[side];
    }

    /** The peer, to be changed. */
    Peer edit(int side) {
        if (!owned[side]) {
            peers[side] = new Peer(peers[side]);
            owned[side] = true;
        }
        return peers[side];
    }

    /** The connection, to be changed; it must be there. */
    ConnEnd edit(int side, int connection) {
        Peer peer = edit(side);
        ConnEnd now = peer.connections[connection];
        if (now == null) {
            throw new IllegalStateException("the " + name(side) + " has no connection " + connection);
        }
        ConnEnd copy = now.copy();
        peer.connections[connection] = copy;
        return copy;
    }

    @Nullable
    ConnEnd connection(int side, int connection) {
        return peers[side].connections[connection];
    }

    @Nullable
    LinkEnd link(int side, int number) {
        return peers[side].links[number];
    }

    /** No step changes this world any more. */
    SmcWorld sealed() {
        owned[SERVER] = false;
        owned[CLIENT] = false;
        return this;
    }

    boolean isBroken(int link) {
        return (broken >> link & 1) != 0;
    }

    Msg[] lane(int receiver, int link) {
        return lanes[2 * link + receiver];
    }

    void lane(int receiver, int link, Msg[] messages) {
        lanes[2 * link + receiver] = messages;
    }

    Tcp[] tcp(int receiver, int connection) {
        return tcp[2 * connection + receiver];
    }

    void sendTcp(int sender, int connection, Tcp message) {
        int at = 2 * connection + 1 - sender;
        Tcp[] all = Arrays.copyOf(tcp[at], tcp[at].length + 1);
        all[all.length - 1] = message;
        tcp[at] = all;
    }

    Tcp takeTcp(int receiver, int connection) {
        int at = 2 * connection + receiver;
        Tcp first = tcp[at][0];
        tcp[at] = tcp[at].length == 1 ? Tcp.NONE : Arrays.copyOfRange(tcp[at], 1, tcp[at].length);
        return first;
    }

    int connections() {
        return tcp.length / 2 - 1;
    }

    boolean may(Budget what) {
        return budget[what.ordinal()] > 0;
    }

    void spend(Budget what) {
        budget[what.ordinal()]--;
    }

    void fingerprint(Fingerprint f) {
        peers[SERVER].fingerprint(f);
        peers[CLIENT].fingerprint(f);
        for (int i = 0; i < lanes.length; i++) {
            if (lanes[i].length > 0) {
                f.add(-10 - i);
                for (Msg message : lanes[i]) {
                    message.fingerprint(f);
                }
            }
        }
        for (int i = 0; i < tcp.length; i++) {
            if (tcp[i].length > 0) {
                f.add(-100 - i);
                for (Tcp message : tcp[i]) {
                    message.fingerprint(f);
                }
            }
        }
        long left = disturbed ? 1 : 0;
        for (int value : budget) {
            left = left << 4 | value;
        }
        f.add(left).add(broken);
    }
}
