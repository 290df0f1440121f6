package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.SmcrEndpoint;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What owners tell themselves and each other. */
sealed interface OwnerMessage extends Command {
    /** The owner's own turn token: work a little, then tell yourself again. */
    enum Turn implements OwnerMessage {
        TURN
    }

    /** A CDC message came over a link of another owner than the endpoint's (the group has links on several devices). */
    @SuppressWarnings("ArrayRecordComponent") // a message, never compared
    record ForwardedCdc(SmcrEndpoint endpoint, OwnedLink arrivedOn, byte[] message) implements OwnerMessage {}

    /** Endpoints that another owner has moved to a link of this one. */
    record Adopt(
            List<SmcrEndpoint> endpoints, OwnedLink from, OwnedLink to, ActorRef<? super Reply.EndpointsMoved> replyTo)
            implements OwnerMessage {}

    /** Drain your completion queue, pass on what is for this endpoint, then say {@link Drained} to {@code asker}. */
    record Drain(SmcrEndpoint endpoint, int number, OwnerLoop asker) implements OwnerMessage {}

    /** Everything that was in the other owner's completion queue is in the mailbox before this. */
    record Drained(SmcrEndpoint endpoint, int number) implements OwnerMessage {}
}
