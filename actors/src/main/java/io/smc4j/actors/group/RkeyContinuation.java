package io.smc4j.actors.group;

import io.smc4j.protocol.lifecycle.group.Flow;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.RkeyExchange;
import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.LlcAddLinkContinue;
import org.jspecify.annotations.Nullable;

/**
 * Version 1: both ends tell each other what their RMBs are called on a link being added, by ADD LINK CONTINUE. Counts and keys are here,
 * when to send is the machine's. Confined to the group's turn.
 */
final class RkeyContinuation {
    private final SmcrLinkGroup group;
    private final boolean client;
    /** Of the running flow, once it has come to that. */
    private @Nullable RkeyExchange exchange;

    RkeyContinuation(SmcrLinkGroup group) {
        this.group = group;
        this.client = group.spec.role() == GroupRole.CLIENT;
    }

    /** ADD LINK was requested or answered: what an earlier flow had left is over. */
    void anew() {
        exchange = null;
    }

    void send(int on, int number) {
        LinkSlot carrying = group.slot(on);
        LinkSlot added = group.slot(number);
        if (carrying == null || added == null) {
            return; // one of them failed, and the flow ends with it
        }
        RkeyExchange now = started(carrying, added);
        group.tellLink(carrying, now.message(client, number));
        exchange = now.messageSent();
    }

    /** @return what is wrong with the message, or null; one that belongs to no exchange is dropped */
    @Nullable
    String received(LinkSlot on, LlcAddLinkContinue message) {
        LinkSlot added = group.slot(message.linkNumber());
        if (added == null || message.response() == client || !expected(on.number, message.linkNumber())) {
            group.log()
                    .warn(
                            "link {} of link group {}: dropped ADD LINK CONTINUE ({}) for link {}: no exchange of rkeys waits for it",
                            on.number,
                            group.id(),
                            message.response() ? "response" : "request",
                            message.linkNumber());
            return null;
        }
        RkeyExchange before = started(on, added);
        if (!before.continues(message)) {
            return "ADD LINK CONTINUE for link " + message.linkNumber() + " announces " + message.rkeysLeft()
                    + " rkeys, but the one before left " + before.peerLeft();
        }
        for (AddLinkRkey key : message.rkeys()) {
            group.rtokens()
                    .addOnNewLink(
                            on.number,
                            key.rkeyOnCarryingLink(),
                            message.linkNumber(),
                            key.rkeyOnNewLink(),
                            key.addressOnNewLink());
        }
        RkeyExchange now = before.received(message);
        exchange = now;
        group.feed(new GroupEvent.AddLinkContinue(
                on.number, message.linkNumber(), client ? now.finishedByAnswer() : now.finished()));
        return null;
    }

    private boolean expected(int on, int number) {
        return group.state.flow() instanceof Flow.AddLink flow
                && flow.stage() == Flow.Stage.EXCHANGING_RKEYS
                && flow.on() == on
                && flow.number() == number;
    }

    private RkeyExchange started(LinkSlot carrying, LinkSlot added) {
        RkeyExchange running = exchange;
        return running != null ? running : RkeyExchange.of(group.ownRkeys().onNewLink(carrying, added));
    }
}
