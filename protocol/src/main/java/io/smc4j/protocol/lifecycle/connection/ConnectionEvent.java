package io.smc4j.protocol.lifecycle.connection;

/** What can happen to a connection. */
public sealed interface ConnectionEvent {

    /** The handshake succeeded: the connection may carry data. */
    record HandshakeCompleted() implements ConnectionEvent {}

    /** The handshake failed or fell back to TCP. Whoever ran it keeps the TCP socket. */
    record HandshakeFailed() implements ConnectionEvent {}

    /**
     * The application closed its handle (also: shut down both directions).
     *
     * @param unreadInput whether received bytes are unread now
     * @param drainNanos how long written data may still take to reach the peer; 0 or less: do not wait
     */
    record AppClose(boolean unreadInput, long drainNanos) implements ConnectionEvent {
        public AppClose(boolean unreadInput) {
            this(unreadInput, ConnectionMachine.DRAIN_NANOS);
        }
    }

    /**
     * The application shut down its output.
     *
     * @param drainNanos how long written data may still take to reach the peer; 0 or less: do not wait
     */
    record AppShutdownWrite(long drainNanos) implements ConnectionEvent {
        public AppShutdownWrite() {
            this(ConnectionMachine.DRAIN_NANOS);
        }
    }

    /**
     * After {@link ConnectionEffect.RequestDrain}: all written data is in the peer's memory.
     *
     * @param unreadInput whether received bytes are unread now
     */
    record Drained(boolean unreadInput) implements ConnectionEvent {}

    /**
     * The time of {@link ConnectionEffect.RequestDrain} is over.
     *
     * @param unreadInput whether received bytes are unread now
     */
    record DrainDeadline(boolean unreadInput) implements ConnectionEvent {}

    /** The peer's state flags as they are now; flags that were seen before may be missing or repeated. */
    record PeerFlags(boolean doneWriting, boolean closed, boolean aborted) implements ConnectionEvent {
        /** @param stateFlags byte 25 of a CDC message; unknown bits are ignored */
        public static PeerFlags of(int stateFlags) {
            return new PeerFlags(
                    (stateFlags & StateFlags.DONE_WRITING) != 0,
                    (stateFlags & StateFlags.CLOSED) != 0,
                    (stateFlags & StateFlags.ABORT) != 0);
        }

        /** As in byte 25 of a CDC message. */
        public int bits() {
            return (doneWriting ? StateFlags.DONE_WRITING : 0)
                    | (closed ? StateFlags.CLOSED : 0)
                    | (aborted ? StateFlags.ABORT : 0);
        }
    }

    /** This end must abort the connection now. */
    record Kill(AbortCause cause) implements ConnectionEvent {}
}
