package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.connection.ConnectionEvent;
import io.smc4j.protocol.lifecycle.connection.ConnectionMachine;
import io.smc4j.protocol.lifecycle.connection.ConnectionState;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.LinkGroupMachine;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.Step;
import io.smc4j.protocol.lifecycle.link.LinkEvent;
import io.smc4j.protocol.lifecycle.link.LinkMachine;
import io.smc4j.protocol.lifecycle.link.LinkState;

/**
 * The parts of the explored world that decide something: the state machines, which are those of production, and the rules of the
 * models around them, which do what the actors do.
 *
 * <p>To see whether the explorer would find a bug, override a method so that it has the bug. Every method must be a pure function.
 */
public class SmcParts {
    /** Where the group stands in the registry. */
    public enum Registry {
        /** Being created. */
        CREATING,
        LISTED,
        UNLISTED,
        /** The registry has forgotten it. */
        GONE
    }

    /** What becomes of the buffer of a connection that has stopped. */
    public enum BufferFate {
        /** The peer is asked to forget it first. */
        WITHDRAW,
        /** The next connection may have it. */
        REUSE,
        /** It is deregistered and never used again. */
        QUARANTINE,
        /** It stays where it is until the group ends. */
        KEEP
    }

    public Step group(LinkGroupState state, GroupEvent event) {
        return LinkGroupMachine.step(state, event);
    }

    public LinkMachine.Step link(LinkState state, LinkEvent event, long nowNanos) {
        return LinkMachine.step(state, event, nowNanos);
    }

    public ConnectionMachine.Step connection(ConnectionState state, ConnectionEvent event, long nowNanos) {
        return ConnectionMachine.step(state, event, nowNanos);
    }

    /** Registry: whether a new connection may be given this group. */
    public boolean mayMatch(Registry registry) {
        return registry == Registry.LISTED;
    }

    /** Connection: its alert token; {@code former} is the last one that is not in use any more, or 0. */
    public int token(int connection, int former) {
        return connection;
    }

    /** Completion queue's owner: whether a link is counted in flight before the device can complete it. */
    public boolean countsBeforePosting() {
        return true;
    }

    /**
     * Link: whether its queue pair may be destroyed.
     *
     * @param outstanding work requests posted and not completed
     * @param unpolled received messages in the completion queue
     */
    public boolean mayDestroyQueuePair(int outstanding, int unpolled) {
        return outstanding == 0 && unpolled == 0;
    }

    /** Connection: whether the owner of the completion queue lets go of it. */
    public boolean mayDetach(int inFlight) {
        return inFlight == 0;
    }

    /** Receiver: whether a CDC message is older than one that was taken. */
    public boolean isStale(int sequence, int lastTaken) {
        return sequence < lastTaken;
    }

    /** Receiver: whether a link switch that looks like a loss may be judged now. */
    public boolean mayJudge(int unpolled) {
        return unpolled == 0;
    }

    /** Sender: how much of what waits may be written. */
    public int mayWrite(int pending, int space) {
        return Math.min(pending, space);
    }

    /** Sender: from where data is sent again after a link switch. */
    public int rewindsTo(int sent, int finished) {
        return finished;
    }

    /** Sender: whether "done writing" and "closed" may go out with so much data left. */
    public boolean flagsMayGo(int left) {
        return left == 0;
    }

    /** Link group: the buffer of a connection that has stopped. */
    public BufferFate bufferOfStopped(boolean quiet, boolean listed) {
        if (!quiet) {
            return BufferFate.QUARANTINE;
        }
        return listed ? BufferFate.WITHDRAW : BufferFate.KEEP;
    }

    /**
     * Link group: whether DELETE RKEY for a buffer that a connection writes to is answered only when the connection writes no more,
     * and ends a connection that knows nothing of its peer's end.
     */
    public boolean endsWritersBeforeAnswering() {
        return true;
    }

    /**
     * Link group: whether ACCEPT or CONFIRM of a subsequent contact may name a buffer of which no key is known: it was confirmed before,
     * so it was withdrawn since.
     */
    public boolean mayJoinWithoutKey() {
        return false;
    }

    /** Connection: whether it ends when its TCP connection is reset, or bytes come on it. */
    public boolean watchesTcp() {
        return true;
    }

    /** Link group: the buffer that was to be withdrawn. */
    public BufferFate bufferAfterWithdrawal(boolean safe) {
        return safe ? BufferFate.REUSE : BufferFate.QUARANTINE;
    }
}
