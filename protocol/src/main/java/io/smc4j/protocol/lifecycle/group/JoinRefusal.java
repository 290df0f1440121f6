package io.smc4j.protocol.lifecycle.group;

/** Why a connection cannot join a group. */
public enum JoinRefusal {
    /** The group is not established, or ends. */
    NOT_LISTED,
    /** The group has as many connections as were negotiated. */
    FULL,
    /** No link is active, or not the one the server named. */
    NO_LINK
}
