package io.smc4j.protocol.lifecycle.link;

import io.smc4j.protocol.lifecycle.link.LinkState.Keepalive;
import java.util.ArrayList;
import java.util.List;

/**
 * The states of a link as Linux has them, with the TEST LINK keepalive, as a pure function without clock, threads or I/O.
 *
 * <p>One rule differs from Linux: a link that is still ACTIVATING is taken down by a down trigger too, where Linux lets its
 * handshake run into a timeout. Whoever waits in that handshake learns the cause at once.
 */
public final class LinkMachine {
    /** Linux's keepalive interval: 30 s. */
    public static final long TEST_LINK_INTERVAL_NANOS = 30_000_000_000L;

    /** How long the peer may take to answer TEST LINK: 2 s. */
    public static final long TEST_LINK_TIMEOUT_NANOS = 2_000_000_000L;

    private LinkMachine() {}

    /**
     * What a step gives.
     *
     * @param state the state after it
     * @param effects what to do, in order
     */
    public record Step(LinkState state, List<LinkEffect> effects) {
        public Step {
            effects = List.copyOf(effects);
        }
    }

    /**
     * Takes one event.
     *
     * @param nowNanos the time, on any monotonic clock, always the same one
     */
    public static Step step(LinkState state, LinkEvent event, long nowNanos) {
        return switch (event) {
            case LinkEvent.Initialised() -> state.phase() == LinkPhase.UNUSED ? to(state.nextIncarnation()) : to(state);
            case LinkEvent.ConfirmLinkCompleted() ->
                state.phase() == LinkPhase.ACTIVATING ? silence(state.silentSince(nowNanos)) : to(state);
            case LinkEvent.ActivationFailed() -> state.phase() == LinkPhase.ACTIVATING ? clear(state) : to(state);
            case LinkEvent.DownTriggered(LinkDownCause cause) -> down(state, cause);
            case LinkEvent.ClearRequested() -> clear(state);
            case LinkEvent.Cleared() ->
                // Without Clear having been asked for, somebody else's resources were freed: this link's are still
                // there.
                state.clearing() ? to(state.with(LinkPhase.UNUSED, false)) : to(state);
            case LinkEvent.TestLinkTimer() -> testLinkTimer(state, nowNanos);
            case LinkEvent.TestLinkAnswered() ->
                state.keepalive() == Keepalive.ANSWER ? silence(state.silentSince(nowNanos)) : to(state);
            case LinkEvent.TestLinkTimeout() -> testLinkTimeout(state, nowNanos);
            case LinkEvent.ReceivedSomething(long atNanos) ->
                state.phase() == LinkPhase.ACTIVE ? to(state.receivedAt(atNanos)) : to(state);
        };
    }

    private static Step down(LinkState state, LinkDownCause cause) {
        return switch (state.phase()) {
            case ACTIVE, ACTIVATING -> {
                List<LinkEffect> effects = stopKeepalive(state);
                effects.add(new LinkEffect.LinkDown(cause));
                yield new Step(state.with(LinkPhase.INACTIVE, false), effects);
            }
            case UNUSED, INACTIVE -> to(state); // somebody else's trigger won
        };
    }

    private static Step clear(LinkState state) {
        if (state.phase() == LinkPhase.UNUSED || state.clearing()) {
            return to(state);
        }
        // The test's waiter is released before anything is freed.
        List<LinkEffect> effects = stopKeepalive(state);
        effects.add(new LinkEffect.Clear());
        return new Step(state.with(LinkPhase.INACTIVE, true), effects);
    }

    private static Step testLinkTimer(LinkState state, long nowNanos) {
        if (state.keepalive() != Keepalive.SILENCE) {
            return to(state);
        }
        if (nowNanos - state.lastReceivedNanos() < state.testLinkIntervalNanos()) {
            return silence(state);
        }
        long answerBy = nowNanos + TEST_LINK_TIMEOUT_NANOS;
        return to(state.testing(answerBy), new LinkEffect.ArmTestLinkTimeout(answerBy), new LinkEffect.SendTestLink());
    }

    private static Step testLinkTimeout(LinkState state, long nowNanos) {
        if (state.keepalive() != Keepalive.ANSWER) {
            return to(state);
        }
        if (nowNanos - state.answerByNanos() < 0) {
            // The timer of an earlier test, or one that fired early: this test has its own time.
            return to(state, new LinkEffect.ArmTestLinkTimeout(state.answerByNanos()));
        }
        return down(state, LinkDownCause.TEST_LINK_TIMEOUT);
    }

    private static Step silence(LinkState state) {
        return state.keepalive() == Keepalive.OFF
                ? to(state)
                : to(state, new LinkEffect.ArmTestLinkTimer(state.lastReceivedNanos() + state.testLinkIntervalNanos()));
    }

    private static List<LinkEffect> stopKeepalive(LinkState state) {
        List<LinkEffect> effects = new ArrayList<>();
        if (state.keepalive() != Keepalive.OFF) {
            effects.add(new LinkEffect.CancelTestLink());
        }
        return effects;
    }

    private static Step to(LinkState state, LinkEffect... effects) {
        return new Step(state, List.of(effects));
    }
}
