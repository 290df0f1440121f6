package io.smc4j.protocol.lifecycle.link;

/** What can happen to a link. */
public sealed interface LinkEvent {

    /** Memory, queue pair and receive buffers are there: a new incarnation begins. */
    record Initialised() implements LinkEvent {}

    /** CONFIRM LINK is over on both sides. */
    record ConfirmLinkCompleted() implements LinkEvent {}

    /** The handshake or the ADD LINK flow that was making this link failed. */
    record ActivationFailed() implements LinkEvent {}

    /** Something took the link down. Many causes may fire at once; the first one counts. */
    record DownTriggered(LinkDownCause cause) implements LinkEvent {}

    /** The link group needs the link no more (deleted in order, or its connections have left it after it went down). */
    record ClearRequested() implements LinkEvent {}

    /** Everything of this incarnation is freed: queue pair destroyed, buffers unmapped, nobody refers to it. */
    record Cleared() implements LinkEvent {}

    /** The time of {@link LinkEffect.ArmTestLinkTimer} has come. */
    record TestLinkTimer() implements LinkEvent {}

    /** The peer answered TEST LINK. */
    record TestLinkAnswered() implements LinkEvent {}

    /** The time of {@link LinkEffect.ArmTestLinkTimeout} has come. */
    record TestLinkTimeout() implements LinkEvent {}

    /**
     * Something was received on the link. Need not be said for every message: the last one before {@link TestLinkTimer} is enough.
     *
     * @param atNanos when, on the clock of the step's {@code nowNanos}
     */
    record ReceivedSomething(long atNanos) implements LinkEvent {}
}
