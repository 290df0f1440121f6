package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.SmcrEndpoint;

/** What a {@link CompletionQueueOwner} answers. */
public sealed interface Reply {
    /**
     * Answer to {@link Command.AttachLink}.
     *
     * @param accepted false if the receive buffers could not be posted; {@code detail} says why
     */
    record LinkAttached(OwnedLink link, boolean accepted, String detail) implements Reply {}

    /** The message was taken over by the peer's device ({@code sent}), or could not be, because the link is broken or not yet in RTS. */
    record LlcSent(OwnedLink link, boolean sent) implements Reply {}

    /**
     * Answer to {@link Command.AttachEndpoint}.
     *
     * @param accepted false if the token is in use in the link group or the link is broken; {@code detail} says which
     */
    record EndpointAttached(SmcrEndpoint endpoint, boolean accepted, String detail) implements Reply {}

    /**
     * Answer to {@link Command.DetachEndpoint}.
     *
     * @param quiet true: its memory is not touched any more. False: its link could not be flushed in time, so the device
     *     or the peer might still; its buffers must be quarantined
     */
    record EndpointDetached(SmcrEndpoint endpoint, boolean quiet) implements Reply {}

    /**
     * Answer to {@link Command.MoveEndpoints}.
     *
     * @param from the link they used
     * @param to the link they use now; another than asked for if that broke and was moved from meanwhile
     * @param moved how many endpoints
     */
    record EndpointsMoved(OwnedLink from, OwnedLink to, int moved) implements Reply {}

    /**
     * Answer to {@link Command.DetachLink}.
     *
     * @param flushed false if work requests were still outstanding at the deadline: quarantine what they may touch
     */
    record LinkDetached(OwnedLink link, boolean flushed) implements Reply {}
}
