package io.smc4j.rdma;

/**
 * Implemented by devices whose ports can be taken down and brought back by the program: software devices, for demonstrations
 * and fault tests. Thread-safe.
 */
public interface PortControl {
    /**
     * Changes a port as pulling or plugging its cable would: raises {@link AsyncEvent.PortDown} or {@link AsyncEvent.PortUp}
     * if the state really changes.
     *
     * @throws IllegalArgumentException if there is no such port
     */
    void setPortState(int port, PortState state);
}
