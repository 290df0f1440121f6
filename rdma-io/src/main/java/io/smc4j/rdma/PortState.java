package io.smc4j.rdma;

/** Whether a port can carry traffic. */
public enum PortState {
    DOWN,
    ACTIVE
}
