package io.smc4j.actors.group;

import io.smc4j.protocol.Gid;
import io.smc4j.rdma.IsmGid;

/** Who a link group is with. Together with our role it is what decides whether a connection may use an existing group. */
public sealed interface GroupKey {
    /**
     * An SMC-R peer.
     *
     * @param peerId its system id; 0 if it did not tell (a PROPOSAL that offers version 2 only)
     * @param gid the port it names
     */
    record Smcr(long peerId, Gid gid) implements GroupKey {}

    /** An SMC-D peer. */
    record Smcd(IsmGid gid) implements GroupKey {}
}
