package io.smc4j.protocol.lifecycle.group;

import java.util.Optional;

/** A link fails or is deleted: failover to another one, and the DELETE LINK flow. */
final class LinkFailure {
    private LinkFailure() {}

    static void linkDown(Turn t, GroupEvent.LinkDown e) {
        LinkEntry link = t.live(e.number(), e.incarnation());
        if (link != null) { // else another incarnation, or already going: the first report won
            clear(t, link, true);
        }
    }

    static void linkCleared(Turn t, GroupEvent.LinkCleared e) {
        LinkEntry link = t.links.get(e.number());
        if (link == null || link.incarnation() != e.incarnation()) {
            return;
        }
        if (link.stage() != LinkStage.CLEARING) {
            lose(t, link, true); // its owner stopped unasked: that is a failure first
        }
        t.links.remove(e.number());
        Termination.linkGone(t);
    }

    /** Out of use at once, but told to stop last: its connections move first. */
    private static void clear(Turn t, LinkEntry link, boolean tellPeer) {
        lose(t, link, tellPeer);
        t.emit(new GroupEffect.ClearLink(link.number(), link.incarnation()));
    }

    /** What a link's end means for the flow, the connections and the peer. */
    private static void lose(Turn t, LinkEntry link, boolean tellPeer) {
        t.toClearing(link);
        if (t.phase.terminating()) {
            return;
        }
        if (t.flow instanceof Flow.FirstContact) {
            Termination.failFirstContact(t, false);
            return;
        }
        if (t.flow instanceof Flow.AddLink f && (f.number() == link.number() || f.on() == link.number())) {
            AddLinkFlow.giveUp(t, f, tellPeer || f.on() == link.number());
        }
        if (link.active()) {
            failOver(t, link.number(), tellPeer);
        }
    }

    private static void failOver(Turn t, int failed, boolean tellPeer) {
        LinkEntry target = t.anyActive();
        if (target == null) {
            Termination.begin(t, TerminationCause.LINKS_LOST);
            return;
        }
        t.moveConnections(failed, target.number());
        restartFlow(t, failed);
        if (t.server()) {
            t.enqueueFirst(new FlowRequest.WantDelete(t.newId(), failed, DeleteCause.LOST_PATH));
        } else if (tellPeer) {
            // The client tells the server and does not wait: the server runs the flow.
            t.emit(new GroupEffect.SendDeleteLinkRequest(target.number(), failed, DeleteCause.LOST_PATH));
        }
    }

    /** A flow whose carrying link died is begun again on another one: its answer can never come on the dead one. */
    private static void restartFlow(Turn t, int failed) {
        Optional<FlowRequest> again = switch (t.flow) {
            case Flow.ConfirmRkey f
            when f.on() == failed -> Optional.of(new FlowRequest.WantRkeyConfirmed(t.newId(), f.connection()));
            case Flow.DeleteRkey f
            when f.on() == failed -> Optional.of(new FlowRequest.WantRkeyDeleted(t.newId(), f.buffer()));
            case Flow.DeleteLink f
            when f.on() == failed ->
                Optional.of(new FlowRequest.WantDelete(t.newId(), f.number(), DeleteCause.LOST_PATH));
            default -> Optional.empty();
        };
        again.ifPresent(request -> {
            t.flow = new Flow.None();
            t.enqueueFirst(request);
        });
    }

    // ---- DELETE LINK ----

    static void beginDelete(Turn t, FlowRequest.WantDelete want) {
        LinkEntry link = t.active(want.number());
        if (want.cause() == DeleteCause.ASYMMETRIC_NO_LONGER_NEEDED) {
            if (link == null || t.type() != GroupType.SYMMETRIC) {
                return; // gone meanwhile, or needed again
            }
            t.links.put(link.number(), link.at(LinkStage.RETIRING));
        }
        LinkEntry on = t.anyActive();
        if (on == null) {
            return;
        }
        if (link != null) {
            t.moveConnections(want.number(), on.number());
        }
        t.flow = new Flow.DeleteLink(t.startTimer(t.timeouts.llcWait()), on.number(), want.number());
        t.emit(new GroupEffect.SendDeleteLinkRequest(on.number(), want.number(), want.cause()));
    }

    static void deleteLinkRequest(Turn t, GroupEvent.DeleteLinkRequest e) {
        if (t.phase != GroupPhase.LISTED || t.active(e.on()) == null) {
            return;
        }
        LinkEntry link = t.links.get(e.number());
        if (!t.server()) {
            t.emit(new GroupEffect.SendDeleteLinkResponse(e.on(), e.number(), link != null));
            t.delayed = t.delayed.filter(add -> add.number() != e.number());
        }
        if (t.flow instanceof Flow.AddLink f && f.number() == e.number()) {
            AddLinkFlow.giveUp(t, f, false);
        } else if (link != null && link.active()) {
            // The server tells the client in turn, by a DELETE LINK request: its response ends the matter.
            clear(t, link, false);
        }
    }

    static void deleteLinkResponse(Turn t) {
        if (t.flow instanceof Flow.DeleteLink f) {
            deleteFinished(t, f);
        }
    }

    /** Answered or timed out: the link goes, and the server looks for a replacement. */
    static void deleteFinished(Turn t, Flow.DeleteLink f) {
        t.flow = new Flow.None();
        LinkEntry link = t.links.get(f.number());
        if (link != null) {
            t.clear(link);
        }
        AddLinkFlow.want(t);
    }

    /** After the group became symmetric by a third link: the old link that shares a port with it, at either end, is not needed. */
    static void removeSuperfluous(Turn t, LinkEntry added) {
        LinkEntry drop = null;
        boolean pair = false;
        for (LinkEntry old : t.links.values()) {
            if (!old.active() || old.number() == added.number()) {
                continue;
            }
            pair |= drop != null;
            if (drop == null || old.local().equals(added.local()) || old.peer().equals(added.peer())) {
                drop = old;
            }
        }
        if (drop != null && pair) {
            t.enqueue(new FlowRequest.WantDelete(t.newId(), drop.number(), DeleteCause.ASYMMETRIC_NO_LONGER_NEEDED));
        }
    }
}
