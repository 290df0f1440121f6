package io.smc4j.protocol.lifecycle.connection;

/**
 * The phases of an SMC connection, with the numbers that Linux shows in its socket diagnostics.
 *
 * <p>D, C and A are the flags of {@link StateFlags}. Linux's LISTEN (10) is missing: a listener is not a connection here.
 */
public enum ConnectionPhase {
    /** Established, both directions open. */
    ACTIVE(1),
    /** The handshake is under way. */
    INIT(2),
    /** Over. */
    CLOSED(7),
    /** We sent D or C, nothing came from the peer. */
    PEERCLOSEWAIT1(20),
    /** We sent D or C, the peer sent D. */
    PEERCLOSEWAIT2(21),
    /** The peer sent D or C, our application has not reacted. */
    APPCLOSEWAIT1(22),
    /** The peer sent D or C, and we sent D. */
    APPCLOSEWAIT2(23),
    /** The peer closed, our application only shut down writing: its close is outstanding. */
    APPFINCLOSEWAIT(24),
    /** We closed, the peer had only sent D: its C is outstanding. */
    PEERFINCLOSEWAIT(25),
    /** A local abort is in progress. Here an abort is one turn, so no turn ends in this phase. */
    PEERABORTWAIT(26),
    /** The peer aborted, our application must still close. */
    PROCESSABORT(27);

    private final int value;

    ConnectionPhase(int value) {
        this.value = value;
    }

    /** Linux's number for this phase. */
    public int value() {
        return value;
    }

    /** Whether the phase allows the application to send. */
    public Permission maySend() {
        return switch (this) {
            case ACTIVE, APPCLOSEWAIT1 -> Permission.GRANTED;
            case INIT -> Permission.NOT_CONNECTED;
            case CLOSED,
                    PEERCLOSEWAIT1,
                    PEERCLOSEWAIT2,
                    APPCLOSEWAIT2,
                    APPFINCLOSEWAIT,
                    PEERFINCLOSEWAIT,
                    PEERABORTWAIT,
                    PROCESSABORT -> Permission.ENDED;
        };
    }

    /** Whether the phase allows the application to receive; {@link ConnectionState#mayReceive} knows more about CLOSED. */
    public Permission mayReceive() {
        return switch (this) {
            case INIT, CLOSED -> Permission.NOT_CONNECTED;
            case PEERFINCLOSEWAIT -> Permission.ENDED;
            case ACTIVE,
                    PEERCLOSEWAIT1,
                    PEERCLOSEWAIT2,
                    APPCLOSEWAIT1,
                    APPCLOSEWAIT2,
                    APPFINCLOSEWAIT,
                    PEERABORTWAIT,
                    PROCESSABORT -> Permission.GRANTED;
        };
    }

    /** Whether an application may shut down its output (or input) in this phase; otherwise it is not connected. */
    public boolean mayShutDown() {
        return switch (this) {
            case ACTIVE, PEERCLOSEWAIT1, PEERCLOSEWAIT2, APPCLOSEWAIT1, APPCLOSEWAIT2, APPFINCLOSEWAIT -> true;
            case INIT, CLOSED, PEERFINCLOSEWAIT, PEERABORTWAIT, PROCESSABORT -> false;
        };
    }
}
