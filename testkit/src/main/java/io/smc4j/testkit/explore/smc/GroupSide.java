package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.group.Flow;
import io.smc4j.protocol.lifecycle.group.FlowRequest;
import io.smc4j.protocol.lifecycle.group.GroupEffect;
import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.LinkEntry;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.LinkStage;
import io.smc4j.protocol.lifecycle.link.LinkEvent;
import io.smc4j.protocol.lifecycle.link.LinkState;
import io.smc4j.testkit.explore.smc.LinkEnd.Stage;
import io.smc4j.testkit.explore.smc.SmcParts.BufferFate;
import io.smc4j.testkit.explore.smc.SmcParts.Registry;
import java.util.List;

/** Carries out what a link group's machine asks for, as its actor does, and holds it to what it may ask. */
final class GroupSide {
    private final Turn turn;

    GroupSide(Turn turn) {
        this.turn = turn;
    }

    void carryOut(int side, List<GroupEffect> effects) {
        for (GroupEffect effect : effects) {
            Promise.NOT_USED_AFTER_FREE.check(
                    turn.w.peer(side).freed == 0,
                    "the %s's group is freed, then asks for %s",
                    SmcWorld.name(side),
                    effect);
            carryOut(side, effect);
        }
    }

    private void carryOut(int side, GroupEffect effect) {
        Peer peer = turn.w.edit(side);
        Links links = turn.links;
        switch (effect) {
            case GroupEffect.PrepareLink e -> prepare(peer, e);
            case GroupEffect.ReadyLink e -> {
                LinkEnd link = current(peer, e, e.number(), e.incarnation());
                Promise.BOOK_IS_TRUE.check(
                        link.stage() == Stage.PREPARED, "%s, but link %d is %s", e, e.number(), link);
                peer.links[e.number()] = link.at(Stage.READYING);
            }
            case GroupEffect.RenumberLink e ->
                throw new IllegalStateException("servers of this world call the first link 1: a bug");
            case GroupEffect.LinkActivated e -> {
                LinkEnd link = current(peer, e, e.number(), e.incarnation());
                Promise.POSTED_WHEN_READY.check(
                        link.stage() == Stage.READY, "link %d is in use, but is %s", e.number(), link);
                links.feed(side, e.number(), new LinkEvent.ConfirmLinkCompleted(), 0);
            }
            case GroupEffect.ClearLink e -> clear(peer, e);
            case GroupEffect.MoveConnections e -> turn.members.move(side, e.from(), e.to());
            case GroupEffect.SendConfirmLinkRequest e -> llc(side, e.on(), Msg.Kind.CONFIRM_LINK, e.on());
            case GroupEffect.SendConfirmLinkResponse e -> llc(side, e.on(), Msg.Kind.CONFIRM_LINK_ANSWER, e.on());
            case GroupEffect.SendAddLinkRequest e -> llc(side, e.on(), Msg.Kind.ADD_LINK, e.number());
            case GroupEffect.SendAddLinkResponse e -> llc(side, e.on(), Msg.Kind.ADD_LINK_ANSWER, e.number());
            case GroupEffect.SendAddLinkReject e -> llc(side, e.on(), Msg.Kind.ADD_LINK_REJECT, e.number());
            case GroupEffect.SendAddLinkContinue e -> llc(side, e.on(), Msg.Kind.ADD_LINK_CONTINUE, e.number());
            case GroupEffect.SendRequestAddLink e -> llc(side, e.on(), Msg.Kind.REQUEST_ADD_LINK, 0);
            case GroupEffect.SendDeleteLinkRequest e -> llc(side, e.on(), Msg.Kind.DELETE_LINK, e.number());
            case GroupEffect.SendDeleteLinkResponse e -> llc(side, e.on(), Msg.Kind.DELETE_LINK_ANSWER, e.number());
            case GroupEffect.SendDeleteAll e -> {
                peer.notifying = true;
                llc(side, e.on(), Msg.Kind.DELETE_ALL, 0);
            }
            case GroupEffect.SendConfirmRkey e -> {
                ConnEnd connection = peer.connections[(int) e.connection()];
                if (connection != null && connection.alive()) { // else the flow's deadline decides
                    llc(side, e.on(), Msg.Kind.CONFIRM_RKEY, connection.buffer);
                }
            }
            case GroupEffect.SendDeleteRkey e -> llc(side, e.on(), Msg.Kind.DELETE_RKEY, (int) e.buffer());
            case GroupEffect.FirstLinkPrepared e -> turn.handshakes.firstLinkPrepared(side);
            case GroupEffect.Established e -> {
                answerFirstContact(peer);
                Promise.UNLIST_FIRST.check(
                        peer.registry == Registry.CREATING, "listed, but the registry has it as %s", peer.registry);
                peer.registry = Registry.LISTED;
                turn.handshakes.established(side);
            }
            case GroupEffect.FirstContactFailed e -> {
                answerFirstContact(peer);
                turn.handshakes.failHandshakes(side);
            }
            case GroupEffect.Joined e -> turn.handshakes.joined(side, (int) e.connection(), e.link());
            case GroupEffect.JoinRefused e -> turn.handshakes.joinRefused(side, (int) e.connection());
            case GroupEffect.RkeyConfirmed e -> {
                int bit = 1 << e.connection();
                Promise.WAITERS_ANSWERED.check((peer.confirming & bit) != 0, "an answer nobody waits for: %s", e);
                peer.confirming &= ~bit;
                turn.handshakes.rkeyConfirmed(side, (int) e.connection(), e.confirmed());
            }
            case GroupEffect.RkeyDeleted e -> rkeyDeleted(peer, e);
            case GroupEffect.Unlist e -> {
                peer.unlisted++;
                Promise.FREED_ONCE.check(peer.unlisted == 1, "the %s's group is unlisted twice", peer.name());
                peer.registry = Registry.UNLISTED;
            }
            case GroupEffect.KillConnections e -> {
                Promise.UNLIST_FIRST.check(
                        peer.unlisted == 1, "the %s's connections are killed, but its group is listed", peer.name());
                turn.members.killAll(side, e.cause());
            }
            case GroupEffect.Escalate e -> {
                if (e.step() == GroupPhase.ENDING_CONNECTIONS) {
                    turn.members.stopAll(side);
                }
            }
            case GroupEffect.Free e -> free(peer, e);
            case GroupEffect.ArmFlowDeadline e -> {}
            case GroupEffect.ArmRequestDeadline e -> {}
            case GroupEffect.ArmIdleDeadline e -> {}
            case GroupEffect.ArmStepDeadline e -> {}
        }
    }

    private void prepare(Peer peer, GroupEffect.PrepareLink e) {
        if (e.number() > SmcWorld.LINKS) {
            throw new IllegalStateException("link " + e.number() + ": the model has room for " + SmcWorld.LINKS);
        }
        Promise.BOOK_IS_TRUE.check(
                peer.links[e.number()] == null, "a second owner for link %d of the %s", e.number(), peer.name());
        peer.links[e.number()] =
                new LinkEnd(e.incarnation(), Stage.CREATING, LinkState.unused(SmcModel.TEST_LINK_NANOS), false, 0, 0);
        turn.links.feed(peer.side, e.number(), new LinkEvent.Initialised(), 0);
    }

    private void clear(Peer peer, GroupEffect.ClearLink e) {
        LinkEnd link = current(peer, e, e.number(), e.incarnation());
        Promise.FREED_ONCE.check(!link.clearing(), "link %d of the %s is cleared twice", e.number(), peer.name());
        Promise.BOOK_IS_TRUE.check(
                peer.state().phase().terminating()
                        || !peer.state().connections().containsValue(e.number()),
                "link %d of the %s is cleared with connections on it",
                e.number(),
                peer.name());
        turn.links.feed(peer.side, e.number(), new LinkEvent.ClearRequested(), 0);
        turn.links.broke(e.number(), false);
    }

    private void rkeyDeleted(Peer peer, GroupEffect.RkeyDeleted e) {
        int bit = 1 << e.buffer();
        Promise.WAITERS_ANSWERED.check((peer.withdrawing & bit) != 0, "an answer nobody waits for: %s", e);
        peer.withdrawing &= ~bit;
        turn.leases.bufferGoes(peer, (int) e.buffer(), turn.parts.bufferAfterWithdrawal(e.safe()));
    }

    private static void answerFirstContact(Peer peer) {
        peer.answers++;
        Promise.WAITERS_ANSWERED.check(peer.answers == 1, "first contact of the %s has a second outcome", peer.name());
    }

    private void free(Peer peer, GroupEffect.Free e) {
        peer.freed++;
        for (int i = 1; i < peer.links.length; i++) {
            LinkEnd link = peer.links[i];
            Promise.CHILDREN_FIRST.check(
                    link == null || e.quarantine(), "the %s's group is freed before its link %d", peer.name(), i);
            peer.links[i] = null;
            turn.w.broken |= 1 << i;
        }
        for (int i = 1; i < peer.connections.length; i++) {
            ConnEnd connection = peer.connections[i];
            Promise.CHILDREN_FIRST.check(
                    connection == null || !connection.alive() || e.quarantine(),
                    "the %s's group is freed before its connection %d",
                    peer.name(),
                    i);
            if (connection != null && connection.alive()) {
                turn.members.orphaned(peer, i);
            }
            turn.leases.bufferGoes(peer, i, e.quarantine() ? BufferFate.QUARANTINE : null);
        }
        peer.registry = Registry.GONE;
    }

    private LinkEnd current(Peer peer, GroupEffect effect, int number, int incarnation) {
        LinkEnd link = peer.links[number];
        if (link == null) {
            Promise.NOT_USED_AFTER_FREE.check(false, "%s of the %s, but the link is gone", effect, peer.name());
            throw new AssertionError();
        }
        Promise.INCARNATION.check(
                link.incarnation() == incarnation, "%s of the %s, but that is %s", effect, peer.name(), link);
        return link;
    }

    private void llc(int side, int on, Msg.Kind kind, int argument) {
        LinkEntry about = turn.w.peer(side).state().links().get(argument);
        turn.links.post(
                side,
                on,
                Msg.llc(kind, argument, about == null ? 0 : about.local().port()));
    }

    // ---- what must hold of the book after every step ----

    void check(int side) {
        Peer peer = turn.w.peer(side);
        if (peer.crashed) {
            return;
        }
        LinkGroupState state = peer.state();
        GroupPhase phase = state.phase();
        Promise.UNLIST_FIRST.check(
                phase.terminating() == (peer.unlisted == 1), "unlisted %d times in %s", peer.unlisted, phase);
        Promise.FREED_ONCE.check(peer.freed == (peer.over() ? 1 : 0), "freed %d times in %s", peer.freed, phase);
        if (phase.terminating()) {
            for (int i = 1; i < peer.buffers.length; i++) {
                Promise.WAITERS_ANSWERED.check(
                        peer.confirming == 0 && ((peer.withdrawing >> i & 1) == 0 || unanswered(state, i)),
                        "the %s's group ends, but somebody waits for an answer about an rkey",
                        peer.name());
            }
            return;
        }
        for (LinkEntry entry : state.links().values()) {
            checkLink(peer, entry);
        }
        if (phase == GroupPhase.LISTED) {
            checkListed(peer, state);
        }
        checkWaiters(peer, state);
    }

    private static void checkLink(Peer peer, LinkEntry entry) {
        LinkEnd owner = peer.links[entry.number()];
        boolean fits = owner != null
                && switch (entry.stage()) {
                    case PREPARING -> owner.stage() == Stage.CREATING;
                    case RETIRING, ACTIVE -> owner.stage() == Stage.READY && !owner.clearing();
                    case ACTIVATING -> owner.stage() != Stage.CREATING && !owner.clearing();
                    case CLEARING -> owner.clearing();
                };
        Promise.BOOK_IS_TRUE.check(fits, "the %s has %s in its book, but its owner is %s", peer.name(), entry, owner);
        boolean half = entry.stage() == LinkStage.PREPARING || entry.stage() == LinkStage.ACTIVATING;
        Promise.BOOK_IS_TRUE.check(
                !half || (peer.state().flow() instanceof Flow.Building f && f.number() == entry.number()),
                "nobody builds %s of the %s any more",
                entry,
                peer.name());
    }

    private static void checkListed(Peer peer, LinkGroupState state) {
        Promise.BOOK_IS_TRUE.check(
                state.links().values().stream().anyMatch(l -> l.stage() == LinkStage.ACTIVE),
                "the %s's group is listed without an active link",
                peer.name());
        state.connections().forEach((connection, link) -> {
            Promise.BOOK_IS_TRUE.check(
                    state.links().get(link) instanceof LinkEntry entry && entry.stage() == LinkStage.ACTIVE,
                    "connection %d of the %s is on link %d: %s",
                    connection,
                    peer.name(),
                    link,
                    state.links());
            ConnEnd end = peer.connections[connection.intValue()];
            Promise.BOOK_IS_TRUE.check(
                    end == null || !end.alive() || end.link == link,
                    "connection %d of the %s is on link %d in the book, but uses another",
                    connection,
                    peer.name(),
                    link);
        });
        Promise.WAITERS_ANSWERED.check(
                !(state.flow() instanceof Flow.None)
                        || (state.waiting().isEmpty() && state.delayed().isEmpty()),
                "requests of the %s wait for a flow slot that is free: %s",
                peer.name(),
                state.waiting());
        int on = carrier(state.flow());
        Promise.BOOK_IS_TRUE.check(
                on == 0 || (state.links().get(on) instanceof LinkEntry entry && entry.stage() == LinkStage.ACTIVE),
                "the flow of the %s waits on a dead link: %s",
                peer.name(),
                state.flow());
    }

    private static void checkWaiters(Peer peer, LinkGroupState state) {
        for (int i = 1; i < peer.connections.length; i++) {
            int id = i;
            boolean confirms = state.flow() instanceof Flow.ConfirmRkey f && f.connection() == id
                    || state.waiting().stream()
                            .anyMatch(r -> r instanceof FlowRequest.WantRkeyConfirmed w && w.connection() == id);
            Promise.WAITERS_ANSWERED.check(
                    (peer.confirming >> i & 1) == 0 || confirms, "connection %d waits in vain for its rkey", i);
            boolean deletes = state.flow() instanceof Flow.DeleteRkey f && f.buffer() == id
                    || state.waiting().stream()
                            .anyMatch(r -> r instanceof FlowRequest.WantRkeyDeleted w && w.buffer() == id)
                    || unanswered(state, id);
            Promise.WAITERS_ANSWERED.check(
                    (peer.withdrawing >> i & 1) == 0 || deletes, "buffer %d waits in vain to be withdrawn", i);
        }
    }

    /** Its withdrawal timed out; a late answer, or the end of the link, decides. */
    private static boolean unanswered(LinkGroupState state, int buffer) {
        return state.links().values().stream()
                .anyMatch(l ->
                        l.unansweredDelete().isPresent() && l.unansweredDelete().getAsLong() == buffer);
    }

    private static int carrier(Flow flow) {
        return switch (flow) {
            case Flow.AddLink f -> f.on();
            case Flow.DeleteLink f -> f.on();
            case Flow.ConfirmRkey f -> f.on();
            case Flow.DeleteRkey f -> f.on();
            case Flow.None f -> 0;
            case Flow.FirstContact f -> 0;
        };
    }
}
