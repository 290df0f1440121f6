package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.testkit.explore.smc.Buffer.State;
import io.smc4j.testkit.explore.smc.SmcParts.BufferFate;
import org.jspecify.annotations.Nullable;

/** The buffers of a group, leased to connections, and how the peer is made to forget them. */
final class Leases {
    private final Turn turn;

    Leases(Turn turn) {
        this.turn = turn;
    }

    static int claim(Peer peer, int id) {
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
        boolean writes = false;
        for (int id = 1; id <= turn.w.connections(); id++) {
            ConnEnd c = turn.w.connection(side, id);
            if (c == null
                    || !c.alive()
                    || c.peerBuffer != buffer
                    || c.writesOver
                    || !turn.parts.endsWritersBeforeAnswering()) {
                continue;
            }
            if (c.open) {
                turn.w.edit(side, id).answerOn |= 1 << on;
                writes = true;
            } else {
                turn.handshakes.fail(side, id); // it has written nothing yet, and must not begin
            }
        }
        return writes;
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
            writesNoMore(side, c);
            return;
        }
        c.writesOver = true;
        if (!ConnEnd.deaf(c.peerFlags)) {
            turn.members.feed(side, id, new ConnectionEvent.Kill(AbortCause.PEER_GONE));
        }
    }

    /** The withdrawal is answered, where it was asked for, when the last connection that wrote to the buffer writes no more. */
    void writesNoMore(int side, ConnEnd c) {
        int on = c.answerOn;
        c.answerOn = 0;
        for (int id = 1; id <= turn.w.connections(); id++) {
            ConnEnd other = turn.w.connection(side, id);
            if (other != null && other.alive() && other.answerOn > 0 && other.peerBuffer == c.peerBuffer) {
                turn.w.edit(side, id).answerOn |= on;
                return;
            }
        }
        for (int link = 1; link <= SmcWorld.LINKS; link++) {
            if ((on >> link & 1) != 0) {
                turn.links.answer(side, link, Msg.Kind.DELETE_RKEY_ANSWER, c.peerBuffer);
            }
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
