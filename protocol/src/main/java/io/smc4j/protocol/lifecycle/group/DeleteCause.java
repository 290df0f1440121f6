package io.smc4j.protocol.lifecycle.group;

/** Reasons of a DELETE LINK for one link. */
public enum DeleteCause {
    LOST_PATH,
    ASYMMETRIC_NO_LONGER_NEEDED
}
