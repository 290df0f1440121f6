package io.smc4j.actors.group;

import io.smc4j.protocol.clc.SmcdEndpoint;
import io.smc4j.protocol.clc.SmcrEndpoint;
import io.smc4j.rdma.IsmGid;

/** Our end of a connection, ready to be told to the peer in CLC ACCEPT or CONFIRM. */
public sealed interface LocalOffer {
    /** SMC-R: queue pair, RMB, token. @param firstContact whether the group is new */
    record Smcr(boolean firstContact, SmcrEndpoint endpoint) implements LocalOffer {}

    /** SMC-D: DMB and token. @param gid own GID, both halves */
    record Smcd(boolean firstContact, SmcdEndpoint endpoint, IsmGid gid, int chid) implements LocalOffer {}

    boolean firstContact();
}
