package io.smc4j.protocol.lifecycle.link;

/** What takes a link down. */
public enum LinkDownCause {
    SEND_COMPLETION_ERROR("a send completed with an error"),
    POST_ERROR("a work request could not be posted"),
    NO_SEND_SLOT("no send slot became free within 10 s"),
    REGISTRATION_TIMEOUT("a memory registration did not complete within 5 s"),
    TEST_LINK_TIMEOUT("the peer did not answer TEST LINK within 2 s"),
    RETRY_EXCEEDED("the peer's device did not acknowledge (retries exceeded)"),
    RNR_RETRY_EXCEEDED("the peer had no receive buffer ready (RNR retries exceeded)"),
    FLUSHED("its queue pair is in error, work requests were flushed"),
    PORT_ERROR("its port is down"),
    STALE_GID("its GID is gone from the port"),
    QUEUE_PAIR_EVENT("its queue pair reported a fatal or access error"),
    DEVICE_REMOVED("its device was removed"),
    LINK_GROUP_TERMINATING("its link group is terminating");

    private final String description;

    LinkDownCause(String description) {
        this.description = description;
    }

    /** The second half of a sentence that begins "the link is down because". */
    public String description() {
        return description;
    }
}
