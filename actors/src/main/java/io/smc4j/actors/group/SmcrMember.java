package io.smc4j.actors.group;

import io.smc4j.actors.datapath.PeerRmbe;
import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.actors.queue.CompletionQueueHandle;
import org.jspecify.annotations.Nullable;

/** A connection of an SMC-R link group, from its join to its end. Confined to the group's turn. */
final class SmcrMember {
    final long id;
    final JoinRequest request;
    final boolean firstContact;
    int link;
    int token;

    @Nullable
    RmbBuffer buffer;

    @Nullable
    SmcrEndpoint endpoint;

    @Nullable
    PeerRmbe peer;
    /** Who was told to lead CDC messages with its token to the endpoint. */
    @Nullable
    CompletionQueueHandle owner;
    /** The owner of the completion queue said so. */
    boolean routed;
    /** The peer knows our RMB: by CONFIRM RKEY, or implicitly on first contact. */
    boolean rkeyConfirmed;
    /** Client: CONFIRM was sent. Server: CONFIRM was received. */
    boolean confirmed;
    /** Our end was told to the handshake. */
    boolean offered;
    /** The endpoint may send. */
    boolean open;

    SmcrMember(long id, JoinRequest request, boolean firstContact) {
        this.id = id;
        this.request = request;
        this.firstContact = firstContact;
    }
}
