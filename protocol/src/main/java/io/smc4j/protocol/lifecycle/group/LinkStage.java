package io.smc4j.protocol.lifecycle.group;

/** Where a link of the group is, as the group sees it. */
public enum LinkStage {
    /** Its queue pair is being created. */
    PREPARING,
    /** Its queue pair exists; CONFIRM LINK is not done. */
    ACTIVATING,
    /** Carries connections and LLC messages. */
    ACTIVE,
    /** Not needed any more: out of use, and stopped when the peer has answered DELETE LINK. */
    RETIRING,
    /** Failed or deleted; its owner is freeing it. */
    CLEARING
}
