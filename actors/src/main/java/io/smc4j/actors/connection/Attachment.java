package io.smc4j.actors.connection;

import io.smc4j.actors.datapath.Endpoint;
import io.smc4j.actors.datapath.SmcdDoorbell;
import io.smc4j.actors.datapath.SmcdEndpoint;
import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.actors.queue.Command.DetachEndpoint;
import io.smc4j.actors.queue.CompletionQueueHandle;
import io.smc4j.actors.queue.IsmCommand;
import io.smc4j.actors.queue.IsmHandle;
import io.smc4j.actors.queue.Reply;
import org.apache.pekko.actor.typed.ActorRef;

/** A connection's endpoint and the owner that serves it. */
public sealed interface Attachment {
    Endpoint endpoint();

    /** The connection has its endpoint, and can be told of what the peer does: called before anything else, by its actor. */
    void begin();

    /** Asks the owner to let go of the endpoint; it answers one of the two, when nothing of it is in flight any more. */
    void detach(ActorRef<Reply.EndpointDetached> smcr, ActorRef<IsmCommand.Detached> smcd);

    /** SMC-R: served by the owner of a completion queue. */
    record Smcr(SmcrEndpoint endpoint, CompletionQueueHandle owner) implements Attachment {
        /** The link group had it attached: the peer cannot reach it before it was offered, and that comes after this. */
        @Override
        public void begin() {}

        @Override
        public void detach(ActorRef<Reply.EndpointDetached> smcr, ActorRef<IsmCommand.Detached> smcd) {
            owner.tell(new DetachEndpoint(endpoint, smcr));
        }
    }

    /** SMC-D: served by the owner of the ISM device, which finds in its memory whatever the peer did before. */
    record Smcd(SmcdEndpoint endpoint, SmcdDoorbell doorbell, IsmHandle owner) implements Attachment {
        @Override
        public void begin() {
            owner.tell(new IsmCommand.Attach(endpoint, doorbell));
        }

        @Override
        public void detach(ActorRef<Reply.EndpointDetached> smcr, ActorRef<IsmCommand.Detached> smcd) {
            owner.tell(new IsmCommand.Detach(endpoint, smcd));
        }
    }
}
