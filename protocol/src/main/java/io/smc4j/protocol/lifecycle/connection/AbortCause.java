package io.smc4j.protocol.lifecycle.connection;

/** Why this end aborted a connection. */
public enum AbortCause {
    LINK_GROUP_TERMINATING("its link group is terminating"),
    LINKS_LOST("its link was lost and the link group has no other"),
    PROTOCOL_VIOLATION("the peer broke the protocol"),
    OUT_OF_SYNC("data was lost in a failover: the peer had seen completed what never arrived here"),
    PEER_GONE("the peer's process is gone"),
    TCP_ENDED("the TCP connection below it ended, and the peer says nothing over SMC"),
    APPLICATION_ABORT("the application aborted it"),
    UNACCEPTED("no application accepted it before its listener closed"),
    /** Decided by the machine itself, when a close finds unread input and so sends A instead of C. */
    UNREAD_INPUT("the application closed it with received data unread"),
    /** Decided by the machine itself, when the application closes in INIT. */
    CLOSED_IN_HANDSHAKE("the application closed it before the handshake was over");

    private final String description;

    AbortCause(String description) {
        this.description = description;
    }

    /** The second half of a sentence that begins "the connection was aborted because". */
    public String description() {
        return description;
    }
}
