package io.smc4j.protocol.lifecycle.link;

/** What the owner of a link must do after a step, in the order given. */
public sealed interface LinkEffect {

    /** Say {@link LinkEvent.TestLinkTimer} then. Replaces an earlier one. @param atNanos on the clock of the step */
    record ArmTestLinkTimer(long atNanos) implements LinkEffect {}

    /** Say {@link LinkEvent.TestLinkTimeout} then. Comes before the {@link SendTestLink} it guards. @param atNanos on the clock of the step */
    record ArmTestLinkTimeout(long atNanos) implements LinkEffect {}

    /** Cancel both TEST LINK timers; a test that waits for its answer is over. */
    record CancelTestLink() implements LinkEffect {}

    /** Send a TEST LINK request on this link. */
    record SendTestLink() implements LinkEffect {}

    /** The link is down: connections must move, the peer be told. At most once per incarnation. */
    record LinkDown(LinkDownCause cause) implements LinkEffect {}

    /** Free the link's resources, then say {@link LinkEvent.Cleared}. At most once per incarnation. */
    record Clear() implements LinkEffect {}
}
