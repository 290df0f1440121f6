package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.lifecycle.group.Flow.Stage;
import java.time.Duration;

/** How a link comes up, in first contact and in ADD LINK alike: queue pair, the peer's side of it, RTS, CONFIRM LINK. */
final class LinkBuilding {
    private LinkBuilding() {}

    static void startFirstContact(Turn t, GroupEvent.StartFirstContact e) {
        if (t.phase == GroupPhase.FORMING && t.idleSlot() && t.links.isEmpty()) {
            t.flow = new Flow.FirstContact(t.startTimer(t.timeouts.llcFirstWait()), 1, Stage.PREPARING);
            t.addLink(1, e.port(), e.peer());
        }
    }

    static void peerKnown(Turn t, GroupEvent.PeerKnown e) {
        if (t.flow instanceof Flow.FirstContact f && f.stage() == Stage.AWAITING_PEER) {
            LinkEntry link = t.link(f.number()).with(e.peer());
            t.links.put(link.number(), link);
            makeReady(t, f);
        }
    }

    static void linkPrepared(Turn t, GroupEvent.LinkPrepared e) {
        LinkEntry link = t.live(e.number(), e.incarnation());
        if (link == null || link.stage() != LinkStage.PREPARING) {
            return; // a duplicate, or nobody wants it any more
        }
        t.links.put(link.number(), link.at(LinkStage.ACTIVATING));
        switch (t.flow) {
            case Flow.FirstContact f -> {
                if (t.server()) {
                    t.flow = f.at(t.newId(), Stage.AWAITING_PEER); // the CLC handshake watches the time
                } else {
                    // Armed before CLC CONFIRM goes out: a fast server's CONFIRM LINK must find the expectation.
                    await(t, f, Stage.AWAITING_CONFIRM, t.timeouts.clientConfirmLink());
                }
                t.emit(new GroupEffect.FirstLinkPrepared(link.number()));
            }
            case Flow.AddLink f -> {
                if (t.server()) {
                    await(t, f, Stage.AWAITING_PEER, t.timeouts.llcWait());
                    t.emit(new GroupEffect.SendAddLinkRequest(f.on(), f.number()));
                } else if (exchangesRkeys(t, f)) {
                    await(t, f, Stage.EXCHANGING_RKEYS, t.timeouts.llcWait());
                    t.emit(new GroupEffect.SendAddLinkResponse(f.on(), f.number()));
                } else {
                    await(t, f, Stage.AWAITING_CONFIRM, t.timeouts.llcFirstWait());
                    t.emit(new GroupEffect.SendAddLinkResponse(f.on(), f.number()));
                }
            }
            default -> {} // the group ends, and the link with it
        }
    }

    static void makeReady(Turn t, Flow.Building f) {
        await(t, f, Stage.READYING, t.timeouts.llcFirstWait());
        LinkEntry link = t.link(f.number());
        t.emit(new GroupEffect.ReadyLink(link.number(), link.incarnation()));
    }

    static void linkReady(Turn t, GroupEvent.LinkReady e) {
        LinkEntry link = t.live(e.number(), e.incarnation());
        if (link == null
                || !(t.flow instanceof Flow.Building f)
                || f.number() != link.number()
                || f.stage() != Stage.READYING) {
            return;
        }
        if (t.server() && f instanceof Flow.AddLink add && exchangesRkeys(t, f)) {
            await(t, f, Stage.EXCHANGING_RKEYS, t.timeouts.llcWait());
            t.emit(new GroupEffect.SendAddLinkContinue(add.on(), add.number()));
        } else if (t.server()) {
            confirm(t, f);
        } else {
            t.emit(new GroupEffect.SendConfirmLinkResponse(link.number()));
            activate(t, f, link);
        }
    }

    /** Version 2 has the rkeys in ADD LINK itself; the RMBs of first contact are known from CLC. */
    private static boolean exchangesRkeys(Turn t, Flow.Building f) {
        return t.version == SmcVersion.V1 && f instanceof Flow.AddLink;
    }

    private static void confirm(Turn t, Flow.Building f) {
        Duration wait = f instanceof Flow.FirstContact ? t.timeouts.llcWait() : t.timeouts.llcFirstWait();
        await(t, f, Stage.AWAITING_CONFIRM, wait);
        t.emit(new GroupEffect.SendConfirmLinkRequest(f.number()));
    }

    /** Lock-step: the server begins and goes on until neither side has rkeys left, the client answers every message. */
    static void rkeysReceived(Turn t, GroupEvent.AddLinkContinue e) {
        if (!(t.flow instanceof Flow.AddLink f)
                || f.stage() != Stage.EXCHANGING_RKEYS
                || f.on() != e.on()
                || f.number() != e.number()) {
            return; // of a flow that is over, or not on the link that carries this one
        }
        if (t.server() && e.last()) {
            confirm(t, f);
            return;
        }
        if (e.last()) {
            await(t, f, Stage.AWAITING_CONFIRM, t.timeouts.llcFirstWait());
        } else {
            await(t, f, Stage.EXCHANGING_RKEYS, t.timeouts.llcWait());
        }
        t.emit(new GroupEffect.SendAddLinkContinue(f.on(), f.number()));
    }

    private static void await(Turn t, Flow.Building f, Stage stage, Duration wait) {
        t.flow = f.at(t.startTimer(wait), stage);
    }

    static void confirmLinkRequest(Turn t, GroupEvent.ConfirmLinkRequest e) {
        if (!t.server() && t.flow instanceof Flow.Building f && awaitsConfirm(f, e.on())) {
            makeReady(t, f instanceof Flow.FirstContact first ? adoptNumber(t, first, e.number()) : f);
        } // else nobody expects it: a duplicate, or the flow has ended
    }

    /** On first contact the client learns only now what the server calls the link. */
    private static Flow.FirstContact adoptNumber(Turn t, Flow.FirstContact f, int number) {
        if (number == f.number() || number < 1 || number > Turn.MAX_NUMBER) {
            return f;
        }
        LinkEntry link = t.link(f.number());
        t.links.remove(f.number());
        t.links.put(number, link.renumbered(number));
        t.connections.replaceAll((connection, on) -> on == f.number() ? number : on);
        t.emit(new GroupEffect.RenumberLink(f.number(), number, link.incarnation()));
        return new Flow.FirstContact(f.id(), number, f.stage());
    }

    static void confirmLinkResponse(Turn t, GroupEvent.ConfirmLinkResponse e) {
        if (t.server() && t.flow instanceof Flow.Building f && awaitsConfirm(f, e.on())) {
            activate(t, f, t.link(f.number()));
        }
    }

    private static boolean awaitsConfirm(Flow.Building f, int on) {
        return f.stage() == Stage.AWAITING_CONFIRM && f.number() == on;
    }

    /** The flow's goal: the link carries traffic. */
    private static void activate(Turn t, Flow.Building f, LinkEntry link) {
        t.links.put(link.number(), link.at(LinkStage.ACTIVE));
        t.flow = new Flow.None();
        t.emit(new GroupEffect.LinkActivated(link.number(), link.incarnation()));
        if (f instanceof Flow.FirstContact) {
            t.phase = GroupPhase.LISTED;
            t.emit(new GroupEffect.Established());
            Membership.armIdleIfEmpty(t);
            AddLinkFlow.want(t);
        } else if (t.server() && t.type() == GroupType.SYMMETRIC) {
            LinkFailure.removeSuperfluous(t, link);
        }
    }
}
