package io.smc4j.protocol.lifecycle.connection;

import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.AppClose;
import io.smc4j.protocol.lifecycle.connection.ConnectionState.Drain;
import java.util.List;

/**
 * The states of an SMC connection as Linux has them, as a pure function without clock, threads or I/O.
 *
 * <p>Whoever owns the connection feeds it events one at a time and carries out the effects in order. Every step reads the state
 * anew, so what changed during a drain (a suspension) is seen when the drain ends; nothing is decided ahead of it.
 *
 * <p>Four rules differ from Linux, each because following Linux leaves an end waiting for ever or longer than needed: an abort by
 * the peer that finds us with only D sent is answered at once where no later close would answer it (see {@link #aborted}); a close
 * during the handshake sends A if it can and resets the TCP connection, because the peer may be established already; a kill during
 * the handshake ends the connection instead of leaving that to the handshake; and a drain is cut short when the peer's C arrives.
 */
public final class ConnectionMachine {
    /** How long a close or shutdown waits for written data to reach the peer if the application says nothing else: 2 s. */
    public static final long DRAIN_NANOS = 2_000_000_000L;

    private ConnectionMachine() {}

    /**
     * What a step gives.
     *
     * @param state the state after it
     * @param effects what to do, in order
     */
    public record Step(ConnectionState state, List<ConnectionEffect> effects) {
        public Step {
            effects = List.copyOf(effects);
        }
    }

    /**
     * Takes one event.
     *
     * @param nowNanos the time, on any monotonic clock, always the same one
     */
    public static Step step(ConnectionState state, ConnectionEvent event, long nowNanos) {
        ConnectionTurn turn = new ConnectionTurn(state);
        if (state.released()) {
            return turn.end();
        }
        switch (event) {
            case ConnectionEvent.HandshakeCompleted() -> completed(turn);
            case ConnectionEvent.HandshakeFailed() -> handshakeFailed(turn);
            case AppClose close -> closed(turn, close, nowNanos);
            case ConnectionEvent.AppShutdownWrite(long drainNanos) -> shutdownWrite(turn, drainNanos, nowNanos);
            case ConnectionEvent.Drained(boolean unreadInput) -> drainOver(turn, unreadInput);
            case ConnectionEvent.DrainDeadline(boolean unreadInput) -> deadline(turn, unreadInput, nowNanos);
            case ConnectionEvent.PeerFlags flags -> peerFlags(turn, flags.bits(), nowNanos);
            case ConnectionEvent.Kill(AbortCause cause) -> kill(turn, cause);
        }
        if (turn.phase == ConnectionPhase.CLOSED && turn.appClosed()) {
            turn.release();
        }
        return turn.end();
    }

    private static void completed(ConnectionTurn turn) {
        turn.established = true;
        // The peer may have closed or aborted before our handshake was over: then that phase stands.
        if (turn.phase == ConnectionPhase.INIT) {
            turn.phase = ConnectionPhase.ACTIVE;
        }
    }

    private static void handshakeFailed(ConnectionTurn turn) {
        if (turn.established) {
            return;
        }
        // Nobody else will end it: the application never gets this connection, so it will not close it either. TCP is
        // left alone, for
        // it belongs to the fallback.
        turn.endDrain();
        turn.endsBecause(new EndReason.HandshakeFailed());
        turn.toClosed();
        turn.release();
    }

    private static void closed(ConnectionTurn turn, AppClose close, long nowNanos) {
        if (turn.appClosed()) {
            return;
        }
        turn.markAppClosed();
        turn.stopOutput();
        switch (turn.phase) {
            case INIT -> {
                turn.endsBecause(new EndReason.AbortedLocally(AbortCause.CLOSED_IN_HANDSHAKE));
                turn.send(StateFlags.ABORT);
                turn.emit(new ConnectionEffect.ResetTcp());
                turn.toClosed();
            }
            case ACTIVE, APPCLOSEWAIT1, APPCLOSEWAIT2 -> {
                if (close.drainNanos() <= 0 || turn.receivedAnyClose()) {
                    turn.endDrain();
                    closeNow(turn, close.unreadInput());
                } else {
                    turn.beginDrain(Drain.CLOSE, nowNanos + close.drainNanos());
                }
            }
            case APPFINCLOSEWAIT,
                    PEERCLOSEWAIT1,
                    PEERCLOSEWAIT2,
                    PEERFINCLOSEWAIT,
                    PROCESSABORT,
                    PEERABORTWAIT,
                    CLOSED -> closeNow(turn, close.unreadInput());
        }
    }

    /** The part of a close that follows the drain, from whatever phase there is by then. */
    private static void closeNow(ConnectionTurn turn, boolean unreadInput) {
        switch (turn.phase) {
            case ACTIVE -> {
                turn.sendFinal(unreadInput);
                turn.phase = ConnectionPhase.PEERCLOSEWAIT1;
                turn.emit(new ConnectionEffect.ShutdownTcpBoth());
            }
            case APPCLOSEWAIT1, APPCLOSEWAIT2 -> {
                turn.sendFinal(unreadInput);
                if (turn.receivedAnyClose()) {
                    turn.toClosed();
                } else {
                    turn.phase = ConnectionPhase.PEERFINCLOSEWAIT;
                }
            }
            case APPFINCLOSEWAIT -> {
                turn.sendFinal(unreadInput);
                turn.toClosed();
            }
            case PEERCLOSEWAIT1, PEERCLOSEWAIT2 -> turn.sendFinal(unreadInput);
            case PEERFINCLOSEWAIT -> {}
            case PROCESSABORT -> {
                // The peer aborted in a close of its own and waits for C or A from us.
                turn.send(StateFlags.ABORT);
                turn.toClosed();
            }
            case PEERABORTWAIT, CLOSED, INIT -> turn.toClosed();
        }
    }

    private static void shutdownWrite(ConnectionTurn turn, long drainNanos, long nowNanos) {
        boolean open = turn.phase == ConnectionPhase.ACTIVE || turn.phase == ConnectionPhase.APPCLOSEWAIT1;
        if (!open || turn.drain() != Drain.NONE) {
            return;
        }
        turn.stopOutput();
        if (drainNanos <= 0 || turn.receivedAnyClose()) {
            shutdownNow(turn);
        } else {
            turn.beginDrain(Drain.SHUTDOWN, nowNanos + drainNanos);
        }
    }

    /** Only reached in ACTIVE and APPCLOSEWAIT1: whatever else happens to a connection ends its drain. */
    private static void shutdownNow(ConnectionTurn turn) {
        turn.send(StateFlags.DONE_WRITING);
        turn.emit(new ConnectionEffect.ShutdownTcpOutput());
        turn.phase =
                turn.phase == ConnectionPhase.ACTIVE ? ConnectionPhase.PEERCLOSEWAIT1 : ConnectionPhase.APPCLOSEWAIT2;
    }

    private static void deadline(ConnectionTurn turn, boolean unreadInput, long nowNanos) {
        if (turn.drain() == Drain.NONE) {
            return;
        }
        if (nowNanos - turn.drainDeadlineNanos() < 0) {
            // An old timer, or one that fired early: it must neither cut this drain short nor be the last one.
            turn.emit(new ConnectionEffect.RequestDrain(turn.drainDeadlineNanos()));
        } else {
            drainOver(turn, unreadInput);
        }
    }

    private static void drainOver(ConnectionTurn turn, boolean unreadInput) {
        Drain purpose = turn.drain();
        turn.endDrain();
        switch (purpose) {
            case NONE -> {}
            case SHUTDOWN -> shutdownNow(turn);
            case CLOSE -> closeNow(turn, unreadInput);
        }
    }

    private static void peerFlags(ConnectionTurn turn, int flags, long nowNanos) {
        int fresh = turn.receive(flags);
        if (fresh == 0) {
            return;
        }
        turn.endInput();
        if ((fresh & StateFlags.ABORT) != 0) {
            aborted(turn);
        } else {
            passiveClose(turn, fresh, nowNanos);
        }
        turn.emit(new ConnectionEffect.WakeAll());
    }

    private static void passiveClose(ConnectionTurn turn, int fresh, long nowNanos) {
        boolean closed = (fresh & StateFlags.CLOSED) != 0;
        if (closed) {
            turn.peerClosed();
        }
        switch (turn.phase) {
            case INIT, ACTIVE -> turn.phase = ConnectionPhase.APPCLOSEWAIT1;
            case PEERCLOSEWAIT1, PEERCLOSEWAIT2 -> {
                if (closed) {
                    turn.dropPassiveReference();
                    turn.phase = turn.appClosed() && turn.sentAnyClose()
                            ? ConnectionPhase.CLOSED
                            : ConnectionPhase.APPFINCLOSEWAIT;
                } else {
                    turn.phase = ConnectionPhase.PEERCLOSEWAIT2;
                }
            }
            case PEERFINCLOSEWAIT -> {
                if (closed) {
                    turn.toClosed();
                }
            }
            case APPCLOSEWAIT1, APPCLOSEWAIT2, APPFINCLOSEWAIT, PEERABORTWAIT, PROCESSABORT, CLOSED -> {}
        }
        if (closed && turn.drain() != Drain.NONE) {
            // Nobody there reads what is being drained. Asking with a deadline of now, rather than ending the drain
            // here, brings an
            // event that knows whether our own input is unread.
            turn.beginDrain(turn.drain(), nowNanos);
        }
    }

    private static void aborted(ConnectionTurn turn) {
        boolean closing = turn.drain() == Drain.CLOSE;
        turn.endDrain();
        turn.failBecause(new EndReason.AbortedByPeer());
        switch (turn.phase) {
            case INIT, ACTIVE, APPCLOSEWAIT1, APPFINCLOSEWAIT -> toProcessAbort(turn);
            case PEERCLOSEWAIT1, PEERCLOSEWAIT2 -> {
                if (turn.sentAnyClose()) {
                    turn.toClosed();
                } else {
                    toProcessAbort(turn);
                }
            }
            case APPCLOSEWAIT2 -> {
                // Our application's close will find CLOSED and send nothing, but the peer waits for C or A: it gets it
                // now.
                turn.send(StateFlags.ABORT);
                turn.toClosed();
            }
            case PEERFINCLOSEWAIT, PEERABORTWAIT -> turn.toClosed();
            case PROCESSABORT, CLOSED -> {}
        }
        if (closing) {
            closeNow(turn, false); // PROCESSABORT or CLOSED by now: neither asks for unread input
        }
    }

    private static void toProcessAbort(ConnectionTurn turn) {
        turn.dropPassiveReference();
        turn.phase = ConnectionPhase.PROCESSABORT;
    }

    private static void kill(ConnectionTurn turn, AbortCause cause) {
        turn.endDrain();
        if (turn.phase != ConnectionPhase.CLOSED) {
            turn.send(StateFlags.ABORT);
            turn.failBecause(new EndReason.AbortedLocally(cause));
            if (turn.phase != ConnectionPhase.INIT) {
                turn.emit(new ConnectionEffect.ResetTcp()); // in INIT the handshake may still fall back to it
            }
            turn.emit(new ConnectionEffect.WakeAll());
            turn.toClosed();
        }
        // A killed connection leaves its group whether or not its application has closed.
        turn.endsBecause(new EndReason.AbortedLocally(cause));
        turn.release();
    }
}
