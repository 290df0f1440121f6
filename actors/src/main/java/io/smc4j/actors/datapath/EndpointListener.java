package io.smc4j.actors.datapath;

/** How the data path tells the Connection actor of edges; implementations only pass a message on and never block. */
public interface EndpointListener {
    /**
     * The peer's connection state flags gained a bit.
     *
     * @param stateFlags all of them now (CDC byte 25: D 0x80, C 0x40, A 0x20)
     */
    void peerStateFlags(int stateFlags);

    /** Everything written was taken over by the peer's memory, after {@link Endpoint#requestDrained}. */
    void drained();

    /** The peer broke the protocol (a cursor out of range): the connection must be aborted. */
    void violation(String what);
}
