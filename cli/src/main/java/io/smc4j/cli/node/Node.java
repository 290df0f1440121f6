package io.smc4j.cli.node;

import io.smc4j.BindOptions;
import io.smc4j.ConnectOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.rdma.PortState;
import java.net.InetSocketAddress;

/** What the commands use of a running smc4j node; a seam, so that they can be tested without one. Thread-safe. */
public interface Node extends AutoCloseable {
    /** Connects, waiting for it. @throws SmcException if there is no connection, not even over TCP */
    SmcChannel connect(InetSocketAddress remote, ConnectOptions options) throws SmcException, InterruptedException;

    /** Listens. @throws SmcException if the address cannot be bound */
    SmcServerChannel listen(InetSocketAddress local, BindOptions options) throws SmcException, InterruptedException;

    /**
     * Takes a port of the node's software RDMA device down, or up again.
     *
     * @return false if the node has no device whose ports it can control
     */
    boolean setPortState(int port, PortState state);

    /** Ends every connection and gives back all memory and files; returns when that is done. Idempotent. */
    @Override
    void close();
}
