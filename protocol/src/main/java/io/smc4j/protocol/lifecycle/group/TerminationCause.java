package io.smc4j.protocol.lifecycle.group;

/** Why a link group ends: exactly one per group, the first one. */
public enum TerminationCause {
    IDLE("no connection for the idle time", true),
    PEER_DELETED_ALL("the peer deleted the link group", false),
    LINKS_LOST("all links are lost", false),
    OUT_OF_SYNC("the peer's link groups are out of sync with ours", true),
    PROTOCOL_VIOLATION("the peer broke the protocol", true),
    FIRST_CONTACT_FAILED("first contact was not completed", true),
    DEVICE_REMOVED("the device was removed", true),
    NODE_SHUTDOWN("this node shuts down", true),
    PEER_GONE("the peer process is gone", false),
    OWNER_FAILED("an actor of the link group failed", true);

    private final String text;
    private final boolean tellsPeer;

    TerminationCause(String text, boolean tellsPeer) {
        this.text = text;
        this.tellsPeer = tellsPeer;
    }

    /** What happened, for a person. */
    public String text() {
        return text;
    }

    /** Whether a DELETE LINK (all) is sent to the peer while a link can carry it. */
    public boolean tellsPeer() {
        return tellsPeer;
    }
}
