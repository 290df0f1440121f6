package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.SmcdDoorbell;
import io.smc4j.actors.datapath.SmcdEndpoint;
import org.apache.pekko.actor.typed.ActorRef;

/** What an {@link IsmOwner} is told, always through {@link IsmHandle#tell}. */
public sealed interface IsmCommand {
    /**
     * Doorbells of the DMB registered with that cookie now go to the endpoint, and the endpoint is watched for state flags. Not
     * answered: what the peer did before is seen then.
     *
     * @param doorbell the cookie given to {@link io.smc4j.rdma.IsmDevice#register}
     */
    record Attach(SmcdEndpoint endpoint, SmcdDoorbell doorbell) implements IsmCommand {}

    /**
     * Ends an endpoint. Answered when no doorbell reaches it any more and no application thread is inside it: its DMBs may be
     * closed or reused then. Idempotent; an endpoint never attached is answered too.
     */
    record Detach(SmcdEndpoint endpoint, ActorRef<? super Detached> replyTo) implements IsmCommand {}

    /** Stops the owner and closes its device. */
    record Stop() implements IsmCommand {}

    /** The owner's own turn token. */
    enum Turn implements IsmCommand {
        TURN
    }

    /** Answer to {@link Detach}. */
    record Detached(SmcdEndpoint endpoint) {}
}
