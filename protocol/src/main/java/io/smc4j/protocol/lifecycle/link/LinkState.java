package io.smc4j.protocol.lifecycle.link;

/**
 * Everything that decides how a link lives on; a value, compared by content.
 *
 * @param phase where in its life
 * @param incarnation counts the uses of this slot, from 1; messages for an earlier incarnation are not for this link
 * @param testLinkIntervalNanos after how long a silence TEST LINK is sent; 0: never
 * @param keepalive what the keepalive waits for
 * @param lastReceivedNanos when something was last received; meaningful while ACTIVE
 * @param answerByNanos until when an answer to TEST LINK must come; 0 if none is awaited
 * @param clearing whether {@link LinkEffect.Clear} was given in this incarnation
 */
public record LinkState(
        LinkPhase phase,
        long incarnation,
        long testLinkIntervalNanos,
        Keepalive keepalive,
        long lastReceivedNanos,
        long answerByNanos,
        boolean clearing) {

    /** What the TEST LINK keepalive waits for. */
    public enum Keepalive {
        /** Nothing: the link is not active, or the keepalive is off. */
        OFF,
        /** The end of the interval. */
        SILENCE,
        /** The peer's answer. */
        ANSWER
    }

    /**
     * A free slot.
     *
     * @param testLinkIntervalNanos keepalive interval, Linux's default is 30 s; 0 switches it off
     */
    public static LinkState unused(long testLinkIntervalNanos) {
        if (testLinkIntervalNanos < 0) {
            throw new IllegalArgumentException(
                    "the TEST LINK interval is " + testLinkIntervalNanos + " ns, but must be 0 (off) or positive");
        }
        return new LinkState(LinkPhase.UNUSED, 0, testLinkIntervalNanos, Keepalive.OFF, 0, 0, false);
    }

    LinkState with(LinkPhase next, boolean nowClearing) {
        return new LinkState(next, incarnation, testLinkIntervalNanos, Keepalive.OFF, 0, 0, nowClearing);
    }

    LinkState silentSince(long nanos) {
        Keepalive next = testLinkIntervalNanos == 0 ? Keepalive.OFF : Keepalive.SILENCE;
        return new LinkState(LinkPhase.ACTIVE, incarnation, testLinkIntervalNanos, next, nanos, 0, clearing);
    }

    LinkState testing(long deadlineNanos) {
        return new LinkState(
                phase,
                incarnation,
                testLinkIntervalNanos,
                Keepalive.ANSWER,
                lastReceivedNanos,
                deadlineNanos,
                clearing);
    }

    LinkState receivedAt(long nanos) {
        long latest = nanos - lastReceivedNanos > 0 ? nanos : lastReceivedNanos;
        return new LinkState(phase, incarnation, testLinkIntervalNanos, keepalive, latest, answerByNanos, clearing);
    }

    LinkState nextIncarnation() {
        return new LinkState(LinkPhase.ACTIVATING, incarnation + 1, testLinkIntervalNanos, Keepalive.OFF, 0, 0, false);
    }
}
