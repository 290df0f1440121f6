package io.smc4j.rdma.route;

/** How an address is reached. */
public enum Way {
    /** It is on a network of ours, or our own. */
    DIRECT,
    /** Over a gateway. */
    GATEWAY,
    /** Not at all: there is no route. */
    NONE,
    /** The kernel could not be asked. */
    UNKNOWN
}
