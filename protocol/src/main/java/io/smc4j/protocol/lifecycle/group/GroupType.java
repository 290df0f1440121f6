package io.smc4j.protocol.lifecycle.group;

/** How many RDMA ports each side contributes, as Linux tells it. */
public enum GroupType {
    /** No active link (or SMC-D, which has none). */
    NONE,
    /** One link. */
    SINGLE,
    /** Two links over two ports on both sides. */
    SYMMETRIC,
    /** Two links, but the peer has only one port. */
    ASYMMETRIC_PEER,
    /** Two links, but we have only one port. */
    ASYMMETRIC_LOCAL
}
