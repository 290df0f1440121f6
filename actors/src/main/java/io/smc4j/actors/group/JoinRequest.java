package io.smc4j.actors.group;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.clc.SmcdEndpoint;
import io.smc4j.protocol.clc.SmcrEndpoint;
import io.smc4j.rdma.IsmGid;
import java.net.InetSocketAddress;

/** What a handshake asks of a link group: a place for one connection. */
public sealed interface JoinRequest {
    /** The TCP connection it belongs to. */
    Addresses addresses();

    /** Addresses of the TCP connection. */
    record Addresses(InetSocketAddress local, InetSocketAddress remote) {}

    /**
     * Server, SMC-R: the peer's end is told later, by CONFIRM.
     *
     * @param peerGid GID from PROPOSAL
     * @param direct first contact: whether there is no gateway between the ports
     */
    record SmcrServer(Addresses addresses, Gid peerGid, boolean direct) implements JoinRequest {}

    /** Client, SMC-R: the peer's end as in ACCEPT. @param direct first contact: whether there is no gateway between the ports */
    record SmcrClient(Addresses addresses, boolean firstContact, SmcrEndpoint peer, boolean direct)
            implements JoinRequest {}

    /** Server, SMC-D. @param peerGid the client's device */
    record SmcdServer(Addresses addresses, IsmGid peerGid) implements JoinRequest {}

    /** Client, SMC-D: the peer's end as in ACCEPT. */
    record SmcdClient(Addresses addresses, boolean firstContact, SmcdEndpoint peer, IsmGid peerGid)
            implements JoinRequest {}
}
