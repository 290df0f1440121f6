package io.smc4j.protocol.lifecycle.connection;

import org.jspecify.annotations.Nullable;

/**
 * Everything that decides how a connection lives on; a value, compared by content.
 *
 * @param phase where in its life
 * @param sentFlags {@link StateFlags} that were sent; only ever grows
 * @param peerFlags {@link StateFlags} that came; only ever grows
 * @param established whether the handshake completed
 * @param appClosed whether the application closed its handle
 * @param outputStopped whether the application was stopped from sending
 * @param inputEnded whether readers were told that the peer writes no more
 * @param drain what waits for the written data to reach the peer
 * @param drainDeadlineNanos until when, 0 if nothing waits
 * @param passiveReference whether the peer may still cause transitions
 * @param released whether {@link ConnectionEffect.Release} was given; nothing happens after that
 * @param reason why it ended or is ending; an orderly reason may still be replaced by an abort
 */
public record ConnectionState(
        ConnectionPhase phase,
        int sentFlags,
        int peerFlags,
        boolean established,
        boolean appClosed,
        boolean outputStopped,
        boolean inputEnded,
        Drain drain,
        long drainDeadlineNanos,
        boolean passiveReference,
        boolean released,
        @Nullable EndReason reason) {

    /** What is done when written data has reached the peer, or the time for it is over. */
    public enum Drain {
        /** Nothing waits. */
        NONE,
        /** D is sent. */
        SHUTDOWN,
        /** C or A is sent. */
        CLOSE
    }

    /** A connection whose handshake begins. */
    public static ConnectionState initial() {
        return new ConnectionState(
                ConnectionPhase.INIT, 0, 0, false, false, false, false, Drain.NONE, 0, true, false, null);
    }

    /** Whether the application may send now. */
    public Permission maySend() {
        Permission byPhase = phase.maySend();
        return byPhase == Permission.GRANTED && outputStopped ? Permission.ENDED : byPhase;
    }

    /** Whether the application may receive now; buffered data can be read although the peer writes no more. */
    public Permission mayReceive() {
        return phase == ConnectionPhase.CLOSED && inputEnded ? Permission.ENDED : phase.mayReceive();
    }

    boolean sent(int anyOf) {
        return (sentFlags & anyOf) != 0;
    }

    boolean received(int anyOf) {
        return (peerFlags & anyOf) != 0;
    }
}
