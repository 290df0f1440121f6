package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.lifecycle.group.Flow.Stage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** First contact and ADD LINK: the flows that build a link. */
final class LlcFlows {
    private LlcFlows() {}

    // ---- first contact ----

    static void startFirstContact(Turn t, GroupEvent.StartFirstContact e) {
        if (t.phase != GroupPhase.FORMING || !t.idleSlot() || !t.links.isEmpty()) {
            return;
        }
        t.flow = new Flow.FirstContact(t.newId(), 1, Stage.PREPARING);
        t.addLink(1, e.port(), e.peer());
    }

    static void peerKnown(Turn t, GroupEvent.PeerKnown e) {
        if (t.flow instanceof Flow.FirstContact f && f.stage() == Stage.AWAITING_PEER) {
            LinkEntry link = t.links.get(f.number());
            if (link != null && link.stage() != LinkStage.CLEARING) {
                t.links.put(link.number(), link.with(e.peer()));
                t.flow = new Flow.FirstContact(t.newId(), f.number(), Stage.READYING);
                t.emit(new GroupEffect.ReadyLink(link.number(), link.incarnation()));
            }
        }
    }

    // ---- a link's owner reports ----

    static void linkPrepared(Turn t, GroupEvent.LinkPrepared e) {
        LinkEntry link = t.live(e.number(), e.incarnation());
        if (link == null) {
            return;
        }
        t.links.put(link.number(), link.at(LinkStage.ACTIVATING));
        switch (t.flow) {
            case Flow.FirstContact f
            when f.number() == link.number() -> {
                if (t.server()) {
                    t.flow = new Flow.FirstContact(t.newId(), f.number(), Stage.AWAITING_PEER);
                } else {
                    // Armed before CLC CONFIRM goes out: a fast server's CONFIRM LINK must find the expectation.
                    int id = t.startTimer(t.timeouts.clientConfirmLink());
                    t.flow = new Flow.FirstContact(id, f.number(), Stage.AWAITING_CONFIRM);
                }
                t.emit(new GroupEffect.FirstLinkPrepared(link.number()));
            }
            case Flow.AddLink f
            when f.number() == link.number() -> {
                if (t.server()) {
                    int id = t.startTimer(t.timeouts.llcWait());
                    t.flow = new Flow.AddLink(id, f.on(), f.number(), Stage.AWAITING_PEER);
                    t.emit(new GroupEffect.SendAddLinkRequest(f.on(), f.number()));
                } else {
                    int id = t.startTimer(t.timeouts.llcFirstWait());
                    t.flow = new Flow.AddLink(id, f.on(), f.number(), Stage.AWAITING_CONFIRM);
                    t.emit(new GroupEffect.SendAddLinkResponse(f.on(), f.number()));
                }
            }
            default -> t.clear(link);
        }
    }

    static void linkReady(Turn t, GroupEvent.LinkReady e) {
        LinkEntry link = t.live(e.number(), e.incarnation());
        if (link == null) {
            return;
        }
        switch (t.flow) {
            case Flow.FirstContact f
            when f.number() == link.number() && f.stage() == Stage.READYING -> {
                if (t.server()) {
                    int id = t.startTimer(t.timeouts.llcWait());
                    t.flow = new Flow.FirstContact(id, f.number(), Stage.AWAITING_CONFIRM);
                    t.emit(new GroupEffect.SendConfirmLinkRequest(link.number()));
                } else {
                    t.emit(new GroupEffect.SendConfirmLinkResponse(link.number()));
                    activate(t, link);
                }
            }
            case Flow.AddLink f
            when f.number() == link.number() && f.stage() == Stage.READYING -> {
                if (t.server()) {
                    int id = t.startTimer(t.timeouts.llcFirstWait());
                    t.flow = new Flow.AddLink(id, f.on(), f.number(), Stage.AWAITING_CONFIRM);
                    t.emit(new GroupEffect.SendConfirmLinkRequest(link.number()));
                } else {
                    t.emit(new GroupEffect.SendConfirmLinkResponse(link.number()));
                    activate(t, link);
                }
            }
            default -> t.clear(link);
        }
    }

    // ---- CONFIRM LINK ----

    static void confirmLinkRequest(Turn t, GroupEvent.ConfirmLinkRequest e) {
        switch (t.flow) {
            case Flow.FirstContact f
            when !t.server() && f.stage() == Stage.AWAITING_CONFIRM && e.on() == f.number() ->
                ready(t, e.on(), () -> t.flow = new Flow.FirstContact(t.newId(), f.number(), Stage.READYING));
            case Flow.AddLink f
            when !t.server() && f.stage() == Stage.AWAITING_CONFIRM && e.on() == f.number() ->
                ready(t, e.on(), () -> t.flow = new Flow.AddLink(t.newId(), f.on(), f.number(), Stage.READYING));
            default -> {} // nobody expects it: a duplicate, or the flow has ended
        }
    }

    private static void ready(Turn t, int number, Runnable advance) {
        LinkEntry link = t.links.get(number);
        if (link != null && link.stage() == LinkStage.ACTIVATING) {
            advance.run();
            t.emit(new GroupEffect.ReadyLink(link.number(), link.incarnation()));
        }
    }

    static void confirmLinkResponse(Turn t, GroupEvent.ConfirmLinkResponse e) {
        boolean expected = switch (t.flow) {
            case Flow.FirstContact f -> t.server() && f.stage() == Stage.AWAITING_CONFIRM && e.on() == f.number();
            case Flow.AddLink f -> t.server() && f.stage() == Stage.AWAITING_CONFIRM && e.on() == f.number();
            case Flow.None n -> false;
            case Flow.DeleteLink d -> false;
            case Flow.ConfirmRkey c -> false;
            case Flow.DeleteRkey d -> false;
        };
        LinkEntry link = t.links.get(e.on());
        if (expected && link != null && link.stage() == LinkStage.ACTIVATING) {
            activate(t, link);
        }
    }

    /** The flow's goal: the link carries traffic. */
    private static void activate(Turn t, LinkEntry link) {
        boolean first = t.flow instanceof Flow.FirstContact;
        t.type = first ? GroupType.SINGLE : typeWith(t, link);
        t.links.put(link.number(), link.at(LinkStage.ACTIVE));
        t.flow = new Flow.None();
        t.emit(new GroupEffect.LinkActivated(link.number(), link.incarnation()));
        if (first) {
            t.phase = GroupPhase.LISTED;
            t.emit(new GroupEffect.Established());
            Membership.armIdleIfEmpty(t);
            wantLink(t);
        } else if (t.type == GroupType.SYMMETRIC && t.server()) {
            LinkFailure.removeSuperfluous(t, link);
        }
    }

    private static GroupType typeWith(Turn t, LinkEntry added) {
        LinkEntry other = t.anyActiveExcept(added.number());
        if (other == null) {
            return GroupType.SINGLE;
        }
        boolean samePort = other.local().equals(added.local());
        boolean samePeer = other.peer().equals(added.peer());
        if (!samePort && !samePeer) {
            return GroupType.SYMMETRIC;
        }
        return samePort ? GroupType.ASYMMETRIC_LOCAL : GroupType.ASYMMETRIC_PEER;
    }

    // ---- ADD LINK ----

    /** Server: wants another link, unless one is already wanted or there may be none. */
    static void wantLink(Turn t) {
        boolean already =
                t.flow instanceof Flow.AddLink || t.waiting.stream().anyMatch(FlowRequest.WantLink.class::isInstance);
        if (t.server() && !already && mayAddLink(t)) {
            t.enqueue(new FlowRequest.WantLink(t.newId()));
        }
    }

    private static boolean mayAddLink(Turn t) {
        boolean room = t.type == GroupType.SINGLE
                || (t.type == GroupType.ASYMMETRIC_LOCAL && unusedPort(t) != null && t.links.size() < 3);
        return t.maxLinks > 1 && !t.smcD && t.phase == GroupPhase.LISTED && room;
    }

    static void beginAddLink(Turn t) {
        LinkEntry on = t.anyActiveExcept(0);
        if (on == null || !mayAddLink(t)) {
            return;
        }
        LocalPort port = unusedPort(t);
        int number = freeNumber(t);
        t.flow = new Flow.AddLink(t.newId(), on.number(), number, Stage.PREPARING);
        // Without a second port of ours the same one is used: the peer may have two (asymmetric), else it rejects.
        t.addLink(number, port != null ? port : on.local(), Gid.NONE);
    }

    private static @Nullable LocalPort unusedPort(Turn t) {
        for (LocalPort port : t.ports) {
            if (t.links.values().stream().noneMatch(link -> link.local().equals(port))) {
                return port;
            }
        }
        return null;
    }

    private static int freeNumber(Turn t) {
        int number = 1;
        while (t.links.containsKey(number)) {
            number++;
        }
        return number;
    }

    static void addLinkResponse(Turn t, GroupEvent.AddLinkResponse e) {
        if (!(t.flow instanceof Flow.AddLink f)
                || !t.server()
                || f.stage() != Stage.AWAITING_PEER
                || e.on() != f.on()
                || e.number() != f.number()) {
            return;
        }
        LinkEntry link = t.links.get(f.number());
        if (link == null) {
            return;
        }
        if (e.rejected()) {
            t.flow = new Flow.None();
            t.clear(link);
        } else {
            t.links.put(link.number(), link.with(e.peer()));
            t.flow = new Flow.AddLink(t.newId(), f.on(), f.number(), Stage.READYING);
            t.emit(new GroupEffect.ReadyLink(link.number(), link.incarnation()));
        }
    }

    static void addLinkRequest(Turn t, GroupEvent.AddLinkRequest e) {
        if (t.server()) {
            wantLink(t); // version 1's way for a client to invite
            return;
        }
        LinkEntry carrying = t.active(e.on());
        if (carrying == null || t.phase.terminating()) {
            return;
        }
        if (t.flow instanceof Flow.AddLink) {
            return; // same type as the running flow: dropped
        }
        if (!t.idleSlot()) {
            delay(t, e);
            return;
        }
        LocalPort alternate = unusedPort(t);
        boolean samePeer = carrying.peer().equals(e.peer());
        boolean numberFree = e.number() >= 1 && e.number() <= 255 && !t.links.containsKey(e.number());
        if (!e.acceptable() || t.maxLinks < 2 || !numberFree || (alternate == null && samePeer)) {
            t.emit(new GroupEffect.SendAddLinkReject(e.on(), e.number()));
            return;
        }
        t.flow = new Flow.AddLink(t.newId(), e.on(), e.number(), Stage.PREPARING);
        t.addLink(e.number(), alternate != null ? alternate : carrying.local(), e.peer());
    }

    /** One event can wait for the slot; a second one is dropped, as its sender will time out and ask again. */
    static void delay(Turn t, GroupEvent event) {
        if (t.delayed.isEmpty()) {
            t.delayed = Optional.of(event);
        }
    }

    static void portUp(Turn t, GroupEvent.PortUp e) {
        t.ports.add(e.port());
        if (t.phase != GroupPhase.LISTED || t.type == GroupType.SYMMETRIC || t.type == GroupType.ASYMMETRIC_PEER) {
            return;
        }
        if (t.server()) {
            wantLink(t);
        } else {
            LinkEntry on = t.anyActiveExcept(0);
            if (on != null && t.maxLinks > 1 && unusedPort(t) != null) {
                t.emit(new GroupEffect.SendRequestAddLink(on.number()));
            }
        }
    }

    // ---- deadlines ----

    static void deadline(Turn t, int id) {
        if (t.idleSlot() || t.flow.id() != id) {
            return;
        }
        switch (t.flow) {
            case Flow.FirstContact f -> Termination.failFirstContact(t, true);
            case Flow.AddLink f -> abortAddLink(t, f, true);
            case Flow.DeleteLink f -> LinkFailure.deleteFinished(t, f);
            case Flow.ConfirmRkey f -> RkeyFlows.finishConfirm(t, f, false);
            case Flow.DeleteRkey f -> RkeyFlows.finishDelete(t, f, false);
            case Flow.None f -> {}
        }
    }

    /** Gives the new link up. The peer is told only if it may have built its end. */
    static void abortAddLink(Turn t, Flow.AddLink f, boolean tellPeer) {
        t.flow = new Flow.None();
        LinkEntry link = t.links.get(f.number());
        boolean peerMayHaveIt = f.stage() != Stage.PREPARING;
        if (tellPeer && peerMayHaveIt && t.active(f.on()) != null) {
            t.emit(new GroupEffect.SendDeleteLinkRequest(f.on(), f.number(), DeleteCause.LOST_PATH));
        }
        if (link != null) {
            t.clear(link);
        }
    }
}
