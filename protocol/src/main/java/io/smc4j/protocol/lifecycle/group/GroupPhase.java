package io.smc4j.protocol.lifecycle.group;

/** The life of a link group. There is exactly one way from LISTED (or FORMING) to the phases below it, and none back. */
public enum GroupPhase {
    /** First contact is going on; no other connection may join. */
    FORMING,
    /** Established: connections may join. */
    LISTED,
    /** Unlisted; waits until every connection has left. */
    ENDING_CONNECTIONS,
    /** Connections are gone; tells the peer, where there is a link to tell it on. */
    NOTIFYING_PEER,
    /** Waits until every link is cleared. */
    CLEARING_LINKS,
    /** Everything below it has stopped: memory may be freed. */
    FREED;

    /** Whether termination has begun. */
    public boolean terminating() {
        return compareTo(LISTED) > 0;
    }
}
