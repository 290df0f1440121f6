package io.smc4j.protocol.lifecycle.connection;

/** What an application may do in one direction of a connection. */
public enum Permission {
    /** Data may flow. */
    GRANTED,
    /** The connection is not established, or is over (Linux: ENOTCONN). */
    NOT_CONNECTED,
    /** The direction has ended: a send fails (Linux: EPIPE), a receive sees the end of the stream (Linux: 0). */
    ENDED
}
