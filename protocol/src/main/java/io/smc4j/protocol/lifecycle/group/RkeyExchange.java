package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.internal.Checks;
import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.LlcAddLinkContinue;
import java.util.List;

/**
 * Version 1: both ends tell each other the keys of their RMBs on a link being added, two at a time and in lock-step: the server sends
 * ADD LINK CONTINUE, the client answers with its own, until neither has keys left. A side that has none (left) sends a message with
 * none. An immutable value; the number in a message counts what is left including that message's.
 *
 * @param own our keys, as they were when the exchange began; at most 255
 * @param sent how many of them were sent
 * @param peerLeft how many the peer has still to send; -1 before its first message
 */
public record RkeyExchange(List<AddLinkRkey> own, int sent, int peerLeft) {
    /** How many keys an exchange can count. */
    public static final int MAX_RKEYS = 255;

    public RkeyExchange {
        own = List.copyOf(own);
        Checks.range("number of rkeys", own.size(), 0, MAX_RKEYS);
        Checks.range("rkeys sent", sent, 0, own.size());
    }

    /** An exchange of which no message was sent. */
    public static RkeyExchange of(List<AddLinkRkey> own) {
        return new RkeyExchange(own, 0, -1);
    }

    /** The message to send now. @param response true from the client */
    public LlcAddLinkContinue message(boolean response, int linkNumber) {
        return new LlcAddLinkContinue(response, linkNumber, own.size() - sent, own.subList(sent, afterNext()));
    }

    private int afterNext() {
        return Math.min(own.size(), sent + LlcAddLinkContinue.MAX_RKEYS);
    }

    /** After the message was sent. */
    public RkeyExchange messageSent() {
        return new RkeyExchange(own, afterNext(), peerLeft);
    }

    /**
     * Whether a message of the peer continues its earlier ones: it may have fewer keys left than it said, as Linux has when connections
     * end meanwhile, but not more. So an exchange ends after at most {@link #MAX_RKEYS} messages, whatever the peer sends.
     */
    public boolean continues(LlcAddLinkContinue message) {
        return peerLeft < 0 || message.rkeysLeft() <= peerLeft;
    }

    /** After a message of the peer that {@linkplain #continues continues}. */
    public RkeyExchange received(LlcAddLinkContinue message) {
        return new RkeyExchange(own, sent, message.rkeysLeft() - message.rkeys().size());
    }

    /** Server, after an answer: whether neither side has keys left. */
    public boolean finished() {
        return peerLeft == 0 && sent == own.size();
    }

    /** Client, after a request: whether its answer is the last message. */
    public boolean finishedByAnswer() {
        return peerLeft == 0 && afterNext() == own.size();
    }
}
