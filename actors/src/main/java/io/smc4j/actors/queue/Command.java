package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.PeerRmbe;
import io.smc4j.actors.datapath.SmcrEndpoint;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a {@link CompletionQueueOwner} is told, always through {@link CompletionQueueHandle#tell}. Commands from one sender are
 * carried out in the order told. A command about an endpoint that meanwhile belongs to another owner is passed on to it.
 */
public sealed interface Command
        permits Command.AttachLink,
                Command.LinkReady,
                Command.SendLlc,
                Command.AttachEndpoint,
                Command.OpenEndpoint,
                Command.DetachEndpoint,
                Command.MoveEndpoints,
                Command.DetachLink,
                Command.Stop,
                OwnerMessage {
    /**
     * Begins to serve a link: its receive buffers are posted, so its queue pair must have left RESET. Nothing is sent on it
     * before {@link LinkReady}.
     */
    record AttachLink(OwnedLink link, ActorRef<? super Reply.LinkAttached> replyTo) implements Command {}

    /** The link's queue pair is in RTS now: sending may begin. */
    record LinkReady(OwnedLink link) implements Command {}

    /**
     * Sends an LLC message. Each link keeps slots for control traffic, so it never waits behind data; at most {@link
     * OwnedLink#LLC_QUEUE} messages wait for a slot.
     *
     * @param message not changed afterwards; at most {@link OwnedLink#LLC_BYTES}
     */
    @SuppressWarnings("ArrayRecordComponent") // a message, never compared
    record SendLlc(OwnedLink link, byte[] message, ActorRef<? super Reply.LlcSent> replyTo) implements Command {}

    /**
     * Lets CDC messages with the endpoint's alert token through, if they come over the link's link group. Tell this (and wait for
     * the reply) before a CLC message tells the peer the token. Nothing is sent before {@link OpenEndpoint}.
     */
    record AttachEndpoint(SmcrEndpoint endpoint, OwnedLink link, ActorRef<? super Reply.EndpointAttached> replyTo)
            implements Command {}

    /** The endpoint's peer is known, with its rtoken on the endpoint's link: sending may begin. No reply. */
    record OpenEndpoint(SmcrEndpoint endpoint, PeerRmbe peer) implements Command {}

    /**
     * Ends an endpoint: no CDC message reaches it any more, state flags not yet sent are still sent if its link can, no new
     * data is. Answered when nothing of it is in flight and no application thread is inside it; after that its memory
     * is not touched any more. Idempotent; an endpoint never attached is answered too.
     */
    record DetachEndpoint(SmcrEndpoint endpoint, ActorRef<? super Reply.EndpointDetached> replyTo) implements Command {}

    /**
     * Failover: breaks {@code from} (queue pair → ERROR, so that nothing late can be written) and moves all its endpoints to
     * {@code to}, which may belong to another owner. Open ones announce the switch (validation) and send again what was not
     * confirmed. Told to the owner of {@code from}.
     */
    record MoveEndpoints(OwnedLink from, OwnedLink to, ActorRef<? super Reply.EndpointsMoved> replyTo)
            implements Command {}

    /**
     * Ends a link: queue pair → ERROR, answered when its last work request was flushed, or with {@code flushed = false} after
     * {@code deadline}. Endpoints still on it stay attached without a link until they are detached.
     */
    record DetachLink(OwnedLink link, Duration deadline, ActorRef<? super Reply.LinkDetached> replyTo)
            implements Command {}

    /** Stops the owner; links and endpoints should be detached by then, those that are not are broken. */
    record Stop() implements Command {}
}
