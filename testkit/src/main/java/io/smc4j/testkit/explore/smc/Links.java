package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.lifecycle.group.Flow;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.link.LinkDownCause;
import io.smc4j.protocol.lifecycle.link.LinkEffect;
import io.smc4j.protocol.lifecycle.link.LinkEvent;
import io.smc4j.protocol.lifecycle.link.LinkMachine;
import io.smc4j.testkit.explore.smc.LinkEnd.Stage;
import java.util.Arrays;

/** Queue pairs, the work on them, and the messages between them: what Link and the owner of the completion queue do. */
final class Links {
    private final Turn turn;

    Links(Turn turn) {
        this.turn = turn;
    }

    // ---- the link's machine ----

    void feed(int side, int number, LinkEvent event, long now) {
        Peer peer = turn.w.edit(side);
        LinkEnd link = end(side, number);
        LinkMachine.Step step = turn.parts.link(link.machine(), event, now);
        peer.links[number] = link.with(step.state());
        turn.log(() -> "%s's link %d: %s -> %s".formatted(peer.name(), number, event, step.effects()));
        for (LinkEffect effect : step.effects()) {
            switch (effect) {
                case LinkEffect.LinkDown e -> turn.feed(side, new GroupEvent.LinkDown(number, link.incarnation()));
                case LinkEffect.Clear e ->
                    Promise.FREED_ONCE.check(
                            !link.clearing(), "link %d of the %s is cleared twice", number, peer.name());
                case LinkEffect.ArmTestLinkTimer e -> {}
                case LinkEffect.ArmTestLinkTimeout e -> {}
                case LinkEffect.CancelTestLink e -> {}
                case LinkEffect.SendTestLink e -> {} // its loss is what the keepalive is about; see notice
            }
        }
    }

    private LinkEnd end(int side, int number) {
        LinkEnd link = turn.w.link(side, number);
        if (link == null) {
            Promise.NOT_USED_AFTER_FREE.check(false, "link %d of the %s is gone", number, SmcWorld.name(side));
            throw new AssertionError();
        }
        return link;
    }

    /** A call on the queue pair returns. */
    void called(int side, int number) {
        LinkEnd link = end(side, number);
        Peer peer = turn.w.edit(side);
        if (link.stage() == Stage.CREATING) {
            peer.links[number] = link.at(Stage.PREPARED);
            turn.feed(side, new GroupEvent.LinkPrepared(number, link.incarnation()));
        } else {
            peer.links[number] = link.at(Stage.READY);
            turn.feed(side, new GroupEvent.LinkReady(number, link.incarnation()));
        }
    }

    /** The owner finds out that the link does not work: by a failed completion, else because a TEST LINK is not answered. */
    void notice(int side, int number) {
        LinkEnd link = end(side, number);
        switch (how(link)) {
            case PORT -> down(side, number, LinkDownCause.PORT_ERROR);
            case COMPLETION -> down(side, number, LinkDownCause.RETRY_EXCEEDED);
            case SILENCE -> {
                feed(side, number, new LinkEvent.TestLinkTimer(), SmcModel.TEST_LINK_NANOS);
                long late = SmcModel.TEST_LINK_NANOS + LinkMachine.TEST_LINK_TIMEOUT_NANOS;
                feed(side, number, new LinkEvent.TestLinkTimeout(), late);
            }
        }
    }

    private enum Sign {
        PORT,
        COMPLETION,
        SILENCE
    }

    private static Sign how(LinkEnd link) {
        if (link.failed()) {
            return Sign.PORT;
        }
        boolean keepalive = link.machine().keepalive() == io.smc4j.protocol.lifecycle.link.LinkState.Keepalive.SILENCE;
        return link.outstanding() > 0 || !keepalive ? Sign.COMPLETION : Sign.SILENCE;
    }

    private void down(int side, int number, LinkDownCause cause) {
        turn.w.edit(side).links[number] = end(side, number).failing(true);
        feed(side, number, new LinkEvent.DownTriggered(cause), 0);
    }

    /** Nothing more is carried between the two queue pairs. @param arrives whether what is under way still reaches the other's device */
    void broke(int number, boolean arrives) {
        if (turn.w.isBroken(number)) {
            return;
        }
        for (int receiver = 0; receiver < 2; receiver++) {
            boolean there = turn.w.peer(receiver).receives(number);
            Msg[] lane = turn.w.lane(receiver, number).clone();
            for (int i = 0; i < lane.length; i++) {
                if (!lane[i].arrived()) {
                    lane[i] = arrives && there
                            ? turn.data.arrive(receiver, lane[i])
                            : lane[i].at(false, true, lane[i].done());
                }
            }
            turn.w.lane(receiver, number, compact(lane));
        }
        turn.w.broken |= 1 << number;
    }

    // ---- posting and completions ----

    /** Posts a message, if the queue pair may be posted on. */
    void post(int side, int number, Msg message) {
        LinkEnd link = turn.w.link(side, number);
        if (link == null) {
            Promise.NOT_USED_AFTER_FREE.check(
                    false, "%s posted by the %s on link %d, which is gone", message, SmcWorld.name(side), number);
            return;
        }
        Promise.POSTED_WHEN_READY.check(
                link.stage() == Stage.READY,
                "%s posted by the %s on link %d, which is %s",
                message,
                SmcWorld.name(side),
                number,
                link);
        if (link.clearing()) {
            return; // answered as not sent
        }
        boolean lost = turn.w.isBroken(number);
        boolean first = turn.parts.countsBeforePosting();
        turn.w.edit(side).links[number] =
                link.counting(link.outstanding() + (first ? 1 : 0), link.uncounted() + (first ? 0 : 1));
        Msg[] lane = turn.w.lane(1 - side, number);
        Msg[] more = Arrays.copyOf(lane, lane.length + 1);
        more[lane.length] = message.at(false, lost, false);
        turn.w.lane(1 - side, number, more);
        turn.log(() -> "%s posts %s on link %d%s"
                .formatted(SmcWorld.name(side), message, number, lost ? ", where it is lost" : ""));
    }

    /** The owner counts what it has posted. */
    void count(int side, int number) {
        LinkEnd link = end(side, number);
        turn.w.edit(side).links[number] = link.counting(link.outstanding() + link.uncounted(), 0);
    }

    private void completed(int side, int number, int how) {
        LinkEnd link = end(side, number);
        turn.w.edit(side).links[number] = link.counting(link.outstanding() - how, link.uncounted());
    }

    static Msg[] compact(Msg[] lane) {
        int kept = 0;
        for (Msg message : lane) {
            if (!message.taken() || !message.done()) {
                lane[kept++] = message;
            }
        }
        return kept == 0 ? Msg.NONE : kept == lane.length ? lane : Arrays.copyOf(lane, kept);
    }

    /** The receiver polls the next message. LLC: its completion at the sender is taken to come at the same time. */
    void take(int receiver, int number) {
        Msg[] lane = turn.w.lane(receiver, number).clone();
        int at = 0;
        while (lane[at].taken()) {
            at++;
        }
        boolean works = !turn.w.isBroken(number);
        Msg message = lane[at].arrived() ? lane[at] : turn.data.arrive(receiver, lane[at]);
        boolean completes = message.isLlc() && works && !message.done();
        lane[at] = message.at(true, true, message.done() || completes);
        turn.w.lane(receiver, number, compact(lane));
        if (completes && turn.w.link(1 - receiver, number) != null) {
            completed(1 - receiver, number, 1);
        }
        if (message.isLlc()) {
            receive(receiver, number, message);
        } else {
            turn.data.receive(receiver, message);
        }
    }

    /** The sender polls the completion of its next CDC message, and of what was posted before it. */
    void complete(int sender, int number) {
        Msg[] lane = turn.w.lane(1 - sender, number).clone();
        int done = 0;
        for (int i = 0; i < lane.length; i++) {
            Msg message = lane[i];
            if (message.done()) {
                continue;
            }
            Msg there = message.arrived() ? message : turn.data.arrive(1 - sender, message);
            lane[i] = there.at(true, there.taken(), true);
            done++;
            if (!message.isLlc()) {
                turn.w.lane(1 - sender, number, compact(lane));
                completed(sender, number, done);
                turn.data.completed(sender, number, message);
                return;
            }
        }
    }

    /** The queue pair is in error: all that is outstanding completes as flushed. */
    void flush(int side, int number) {
        Msg[] lane = turn.w.lane(1 - side, number).clone();
        int done = 0;
        for (int i = 0; i < lane.length; i++) {
            if (!lane[i].done()) {
                lane[i] = lane[i].at(lane[i].arrived(), lane[i].taken(), true);
                done++;
            }
        }
        turn.w.lane(1 - side, number, compact(lane));
        completed(side, number, done);
    }

    /** Messages in the completion queue that the owner has not seen. */
    static int unpolled(SmcWorld w, int side, int number) {
        int count = 0;
        for (Msg message : w.lane(side, number)) {
            count += message.arrived() && !message.taken() ? 1 : 0;
        }
        return count;
    }

    /** The same, of all links: zero means that its completion queues were seen empty. */
    static int unpolled(SmcWorld w, int side) {
        int count = 0;
        for (int number = 1; number <= SmcWorld.LINKS; number++) {
            count += unpolled(w, side, number);
        }
        return count;
    }

    static int inFlight(SmcWorld w, int side, int number) {
        int count = 0;
        for (Msg message : w.lane(1 - side, number)) {
            count += message.done() ? 0 : 1;
        }
        return count;
    }

    void destroy(int side, int number) {
        LinkEnd link = end(side, number);
        Promise.CHILDREN_FIRST.check(
                inFlight(turn.w, side, number) == 0,
                "the queue pair of link %d of the %s is destroyed with work requests outstanding",
                number,
                SmcWorld.name(side));
        Promise.CHILDREN_FIRST.check(
                unpolled(turn.w, side, number) == 0,
                "the queue pair of link %d of the %s is destroyed with received messages unseen",
                number,
                SmcWorld.name(side));
        Promise.CHILDREN_FIRST.check(
                link.outstanding() == 0,
                "link %d of the %s counts %d outstanding when nothing is",
                number,
                SmcWorld.name(side),
                link.outstanding());
        feed(side, number, new LinkEvent.Cleared(), 0);
        turn.w.edit(side).links[number] = null;
        turn.feed(side, new GroupEvent.LinkCleared(number, link.incarnation()));
    }

    // ---- LLC messages ----

    /** As the dispatch of LLC messages does it. */
    private void receive(int side, int on, Msg m) {
        Peer peer = turn.w.edit(side);
        Gid gid = Turn.gid(1 - side, m.port());
        turn.log(() -> "%s receives %s on link %d".formatted(peer.name(), m, on));
        switch (m.kind()) {
            case CONFIRM_LINK -> turn.feed(side, new GroupEvent.ConfirmLinkRequest(on, m.argument()));
            case CONFIRM_LINK_ANSWER -> turn.feed(side, new GroupEvent.ConfirmLinkResponse(on));
            case ADD_LINK -> turn.feed(side, new GroupEvent.AddLinkRequest(on, m.argument(), gid, true));
            case ADD_LINK_ANSWER -> turn.feed(side, new GroupEvent.AddLinkResponse(on, m.argument(), false, gid));
            case ADD_LINK_REJECT -> turn.feed(side, new GroupEvent.AddLinkResponse(on, m.argument(), true, gid));
            case ADD_LINK_CONTINUE -> turn.feed(side, new GroupEvent.AddLinkContinue(on, m.argument(), true));
            case REQUEST_ADD_LINK -> turn.feed(side, new GroupEvent.AddLinkInvited(on));
            case DELETE_LINK -> turn.feed(side, new GroupEvent.DeleteLinkRequest(on, m.argument()));
            case DELETE_LINK_ANSWER -> {
                // Of another link: sent twice, or of a flow that is over.
                if (peer.state().flow() instanceof Flow.DeleteLink f && f.number() == m.argument()) {
                    turn.feed(side, new GroupEvent.DeleteLinkResponse(on));
                }
            }
            case DELETE_ALL -> turn.feed(side, new GroupEvent.DeleteAllRequest(on));
            case CONFIRM_RKEY -> {
                peer.rtokens |= 1 << m.argument();
                answer(side, on, Msg.Kind.CONFIRM_RKEY_ANSWER, m.argument());
            }
            case DELETE_RKEY -> {
                peer.rtokens &= ~(1 << m.argument());
                if (!turn.leases.writes(side, m.argument(), on)) {
                    answer(side, on, Msg.Kind.DELETE_RKEY_ANSWER, m.argument());
                }
            }
            case CONFIRM_RKEY_ANSWER -> {
                int connection = turn.leases.ownerOf(peer, m.argument());
                if (connection > 0) {
                    turn.feed(side, new GroupEvent.ConfirmRkeyResponse(on, connection, false));
                }
            }
            case DELETE_RKEY_ANSWER -> turn.feed(side, new GroupEvent.DeleteRkeyResponse(on, false));
            case CDC, VALIDATION -> throw new IllegalStateException();
        }
    }

    /** A peer's rkey request is answered at once, if its link still can. */
    void answer(int side, int on, Msg.Kind kind, int argument) {
        LinkEnd link = turn.w.link(side, on);
        if (link != null && link.stage() == Stage.READY) {
            post(side, on, Msg.llc(kind, argument, 0));
        }
    }
}
