package io.smc4j.actors.connection;

import io.smc4j.actors.datapath.Endpoint;
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

    /** Asks the owner to let go of the endpoint; it answers one of the two, when nothing of it is in flight any more. */
    void detach(ActorRef<Reply.EndpointDetached> smcr, ActorRef<IsmCommand.Detached> smcd);

    /** SMC-R: served by the owner of a completion queue. */
    record Smcr(SmcrEndpoint endpoint, CompletionQueueHandle owner) implements Attachment {
        @Override
        public void detach(ActorRef<Reply.EndpointDetached> smcr, ActorRef<IsmCommand.Detached> smcd) {
            owner.tell(new DetachEndpoint(endpoint, smcr));
        }
    }

    /** SMC-D: served by the owner of the ISM device. */
    record Smcd(SmcdEndpoint endpoint, IsmHandle owner) implements Attachment {
        @Override
        public void detach(ActorRef<Reply.EndpointDetached> smcr, ActorRef<IsmCommand.Detached> smcd) {
            owner.tell(new IsmCommand.Detach(endpoint, smcd));
        }
    }
}
