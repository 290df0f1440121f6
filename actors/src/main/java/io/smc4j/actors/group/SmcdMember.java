package io.smc4j.actors.group;

import io.smc4j.actors.datapath.SmcdDoorbell;
import io.smc4j.actors.datapath.SmcdEndpoint;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.RemoteDmb;
import org.jspecify.annotations.Nullable;

/** A connection of an SMC-D link group, from its join to its end. Confined to the group's turn. */
final class SmcdMember {
    final long id;
    final JoinRequest request;
    final SmcdDoorbell doorbell = new SmcdDoorbell();
    final boolean firstContact;

    @Nullable
    Dmb own;

    @Nullable
    RemoteDmb peer;

    @Nullable
    SmcdEndpoint endpoint;
    /** Of the peer's DMB. */
    long peerToken;
    /** Client: CONFIRM was sent. Server: CONFIRM was received. */
    boolean confirmed;

    SmcdMember(long id, JoinRequest request, boolean firstContact) {
        this.id = id;
        this.request = request;
        this.firstContact = firstContact;
    }
}
