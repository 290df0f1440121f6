package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.connection.ConnectionEvent;
import io.smc4j.protocol.lifecycle.connection.StateFlags;
import io.smc4j.testkit.explore.smc.Buffer.State;

/** The endpoints of connections, as the data path runs them: RDMA writes, CDC messages, completions, link switches. */
final class DataPath {
    private final Turn turn;

    DataPath(Turn turn) {
        this.turn = turn;
    }

    // ---- sending ----

    /** Sends what can be sent. */
    void push(int side, int connection) {
        ConnEnd now = turn.w.connection(side, connection);
        if (now == null || !now.alive() || !now.open) {
            return;
        }
        LinkEnd link = turn.w.link(side, now.link);
        if (link == null || !link.sendable()) {
            return;
        }
        if (now.validationDue) {
            ConnEnd c = turn.w.edit(side, connection);
            c.validationDue = false;
            turn.links.post(side, c.link, validation(connection, c));
        }
        pushData(side, connection);
    }

    private void pushData(int side, int connection) {
        ConnEnd c = turn.w.edit(side, connection);
        int pending = c.written - c.sent;
        int space = turn.options.ring() - (c.sent - c.peerConsumed);
        boolean dataOver = c.detaching || c.failed || c.writesOver || ConnEnd.deaf(c.peerFlags | c.flagsSent);
        boolean corked = inFlightNow(side, connection, c.link) > 0 && c.peerConsumed != c.sent;
        int length = dataOver || corked ? 0 : turn.parts.mayWrite(pending, space);
        int flags = flags(c, dataOver, pending - length);
        if (length == 0 && flags == c.flagsSent && !c.updateRequested && !c.updateDue()) {
            return;
        }
        if (length > 0) {
            c.writeBlocked = pending >= space;
        }
        int from = c.sent;
        c.sequence++;
        c.sent += length;
        c.announced = Math.max(c.announced, c.sent);
        c.confirmed = c.consumed;
        c.flagsSent = flags;
        c.updateRequested = false;
        turn.links.post(side, c.link, cdc(connection, c, from));
    }

    private static Msg cdc(int connection, ConnEnd c, int from) {
        return new Msg(
                Msg.Kind.CDC,
                connection,
                0,
                c.peerToken,
                c.sequence,
                from,
                c.sent,
                c.consumed,
                c.flagsSent,
                c.writeBlocked,
                c.peerBuffer,
                false,
                false,
                false);
    }

    /** Announces the link switch: the number of the last CDC known to have arrived, nothing else. */
    private static Msg validation(int connection, ConnEnd c) {
        return new Msg(
                Msg.Kind.VALIDATION,
                connection,
                0,
                c.peerToken,
                c.sequenceFinished,
                0,
                0,
                0,
                0,
                false,
                c.peerBuffer,
                false,
                false,
                false);
    }

    /** State flags that may go out with {@code left} bytes not yet written: D and C only behind all data, A at once. */
    private int flags(ConnEnd c, boolean dataOver, int left) {
        if (c.wantedFlags == 0 || (!turn.parts.flagsMayGo(left) && !dataOver)) {
            return c.flagsSent | (c.wantedFlags & StateFlags.ABORT);
        }
        boolean truncated = dataOver && left > 0 && !ConnEnd.deaf(c.peerFlags);
        return c.flagsSent | c.wantedFlags | (truncated ? StateFlags.ABORT : 0);
    }

    private int inFlightNow(int side, int connection, int link) {
        int count = 0;
        for (Msg message : turn.w.lane(1 - side, link)) {
            count += !message.isLlc() && !message.done() && message.argument() == connection ? 1 : 0;
        }
        return count;
    }

    /** CDC messages of the connection on any link that have not completed. */
    static int inFlight(SmcWorld w, int side, int connection) {
        int count = 0;
        for (int link = 1; link <= SmcWorld.LINKS; link++) {
            for (Msg message : w.lane(1 - side, link)) {
                count += !message.isLlc() && !message.done() && message.argument() == connection ? 1 : 0;
            }
        }
        return count;
    }

    /** Writes of the connection that may still be executed. */
    static boolean writesInFlight(SmcWorld w, int side, int connection) {
        for (int link = 1; link <= SmcWorld.LINKS; link++) {
            for (Msg message : w.lane(1 - side, link)) {
                if (message.argument() == connection && message.from() < message.to() && !message.done()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A CDC completed in order. */
    void completed(int side, int link, Msg message) {
        ConnEnd now = turn.w.connection(side, message.argument());
        if (now == null || !now.alive() || now.link != link || message.token() != now.peerToken) {
            return; // of a former link: it only counted
        }
        if (message.kind() == Msg.Kind.CDC) {
            ConnEnd c = turn.w.edit(side, message.argument());
            c.sequenceFinished = message.sequence();
            c.flagsFinished |= message.flags();
            c.finished = Math.max(c.finished, message.to());
        }
        push(side, message.argument());
    }

    /** The connection is to use another link: back to what the peer surely has. */
    void use(int side, int connection, int link) {
        ConnEnd c = turn.w.edit(side, connection);
        c.link = link;
        c.finished = Math.max(c.finished, c.peerConsumed);
        c.sent = turn.parts.rewindsTo(c.sent, c.finished);
        c.flagsSent = c.flagsFinished;
        if (c.open) {
            c.validationDue = true;
            c.updateRequested = true;
        }
        push(side, connection);
    }

    // ---- the receiving device ----

    /** The message is in the receiving device: the write before it is done. */
    Msg arrive(int receiver, Msg message) {
        if (!turn.w.peer(receiver).crashed && message.from() < message.to()) {
            write(receiver, message);
        }
        return message.at(true, message.taken(), message.done());
    }

    private void write(int receiver, Msg message) {
        Peer peer = turn.w.edit(receiver);
        Buffer buffer = peer.buffers[message.buffer()];
        if (buffer == null || buffer.state() == State.FREED || buffer.state() == State.QUARANTINED) {
            return; // its rkey is not valid (any more): the device refuses
        }
        Promise.BUFFER_SAFE.check(
                buffer.state() != State.FREE && buffer.connection() == message.argument(),
                "connection %d of the %s writes to buffer %d of the %s, which is %s",
                message.argument(),
                SmcWorld.name(1 - receiver),
                message.buffer(),
                peer.name(),
                buffer.state() == State.FREE ? "free for others" : "leased to connection " + buffer.connection());
        ConnEnd end = peer.connections[message.argument()];
        int ring = turn.options.ring();
        for (int position = message.from(); position < message.to(); position++) {
            int former = buffer.at(position % ring) - Buffer.tag(message.argument(), 0);
            boolean unread = end != null && end.alive() && !end.inputStopped && former >= end.consumed;
            Promise.NO_BYTE_LOST.check(
                    former == position || !unread,
                    "byte %d of connection %d is written over byte %d, which the %s has not read",
                    position,
                    message.argument(),
                    former,
                    peer.name());
            buffer = buffer.with(position % ring, Buffer.tag(message.argument(), position));
        }
        peer.buffers[message.buffer()] = buffer;
    }

    // ---- receiving ----

    void receive(int side, Msg message) {
        turn.log(() -> "%s receives %s".formatted(SmcWorld.name(side), message));
        int connection = withToken(side, message.token());
        if (connection == 0) {
            return; // stale: its connection is gone
        }
        Promise.INCARNATION.check(
                connection == message.argument(),
                "a CDC message of connection %d reaches connection %d of the %s",
                message.argument(),
                connection,
                SmcWorld.name(side));
        ConnEnd c = turn.w.edit(side, connection);
        if (message.kind() == Msg.Kind.VALIDATION) {
            if (c.lastSequence < message.sequence()) {
                c.doubted = Math.max(c.doubted, message.sequence());
            }
            return;
        }
        if (turn.parts.isStale(message.sequence(), c.lastSequence)) {
            return;
        }
        Promise.NO_BYTE_LOST.check(
                message.sequence() >= c.lastSequence,
                "connection %d of the %s takes CDC message %d after %d",
                connection,
                SmcWorld.name(side),
                message.sequence(),
                c.lastSequence);
        c.lastSequence = message.sequence();
        takeCursors(side, connection, c, message);
        c.peerBlocked = message.blocked();
        int before = c.peerFlags;
        c.peerFlags |= message.flags();
        boolean reads = !c.inputStopped && !c.failed; // whoever has closed wants no more bytes
        if (reads && (message.flags() & StateFlags.ABORT) == 0 && message.flags() != 0) {
            ConnEnd other = turn.w.connection(1 - side, connection);
            Promise.NO_BYTE_LOST.check(
                    other == null || c.received == other.written,
                    "connection %d of the %s is told that nothing more comes after byte %d, but %d were written",
                    connection,
                    SmcWorld.name(side),
                    c.received,
                    other == null ? 0 : other.written);
        }
        push(side, connection);
        if (c.peerFlags != before) {
            turn.members.feed(side, connection, ConnectionEvent.PeerFlags.of(message.flags()));
        }
    }

    private void takeCursors(int side, int connection, ConnEnd c, Msg message) {
        Promise.NO_BYTE_LOST.check(
                message.consumed() <= c.announced && message.to() - c.confirmed <= turn.options.ring(),
                "impossible cursors of connection %d at the %s: %s",
                connection,
                SmcWorld.name(side),
                message);
        if (message.consumed() > c.peerConsumed) {
            c.peerConsumed = message.consumed();
            if (c.peerConsumed > c.sent) {
                // After a switch we were about to write this again, but the peer has read it already.
                c.sent = c.peerConsumed;
                c.finished = Math.max(c.finished, c.peerConsumed);
            }
        }
        c.received = Math.max(c.received, message.to());
    }

    private int withToken(int side, int token) {
        for (int i = 1; i <= turn.w.connections(); i++) {
            ConnEnd end = turn.w.connection(side, i);
            if (end != null && end.alive() && end.token == token) {
                return i;
            }
        }
        return 0;
    }

    /** Was the peer's link switch right to believe that everything had arrived? Nothing is ever lost here that had completed. */
    void judge(int side, int connection) {
        ConnEnd c = turn.w.edit(side, connection);
        int completed = c.doubted;
        c.doubted = -1;
        Promise.NO_BYTE_LOST.check(
                c.lastSequence >= completed,
                "connection %d of the %s is judged to have lost CDC message %d, which waits in a completion queue",
                connection,
                SmcWorld.name(side),
                completed);
    }

    // ---- the application ----

    void write(int side, int connection) {
        ConnEnd c = turn.w.edit(side, connection);
        c.written++;
        push(side, connection);
    }

    void read(int side, int connection) {
        ConnEnd c = turn.w.edit(side, connection);
        Buffer buffer = turn.w.peer(side).buffers[c.buffer];
        int found = buffer == null ? 0 : buffer.at(c.consumed % turn.options.ring());
        Promise.NO_BYTE_LOST.check(
                found == Buffer.tag(connection, c.consumed),
                "the %s reads byte %d of connection %d and finds byte %d of connection %d",
                SmcWorld.name(side),
                c.consumed,
                connection,
                found % 16 - 1,
                found / 16);
        c.consumed++;
        if (c.updateDue()) {
            push(side, connection);
        }
    }
}
