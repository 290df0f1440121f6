package io.smc4j.protocol.lifecycle.group;

/** A link fails or is deleted: failover to another one, and the DELETE LINK flow. */
final class LinkFailure {
    private LinkFailure() {}

    static void linkDown(Turn t, GroupEvent.LinkDown e) {
        LinkEntry link = t.live(e.number(), e.incarnation());
        if (link == null) {
            return; // another incarnation, or already going: the first report won
        }
        // Out of use at once, but told to stop last: its connections move first.
        t.links.put(link.number(), link.at(LinkStage.CLEARING));
        if (t.phase.terminating()) {
            // its owner stops below
        } else if (t.flow instanceof Flow.FirstContact) {
            Termination.failFirstContact(t, false);
        } else {
            if (t.flow instanceof Flow.AddLink f && (f.number() == link.number() || f.on() == link.number())) {
                // A new link that failed is taken back from the peer; one whose carrier failed cannot be.
                LlcFlows.abortAddLink(t, f, f.number() == link.number());
            }
            if (link.active()) {
                failOver(t, link);
            }
        }
        t.emit(new GroupEffect.ClearLink(link.number(), link.incarnation()));
    }

    private static void failOver(Turn t, LinkEntry failed) {
        LinkEntry target = t.anyActiveExcept(failed.number());
        if (target == null) {
            Termination.begin(t, TerminationCause.LINKS_LOST);
            return;
        }
        t.moveConnections(failed.number(), target.number());
        t.type = GroupType.SINGLE;
        rebind(t, failed.number());
        if (t.server()) {
            t.waiting.addFirst(new FlowRequest.WantDelete(t.newId(), failed.number(), DeleteCause.LOST_PATH));
        } else {
            // The client tells the server and does not wait: the server runs the flow.
            t.emit(new GroupEffect.SendDeleteLinkRequest(target.number(), failed.number(), DeleteCause.LOST_PATH));
        }
    }

    /** A flow whose carrying link died is begun again on another one: its answer can never come on the dead one. */
    private static void rebind(Turn t, int failed) {
        switch (t.flow) {
            case Flow.ConfirmRkey f
            when f.on() == failed -> {
                t.flow = new Flow.None();
                t.waiting.addFirst(new FlowRequest.WantRkeyConfirmed(t.newId(), f.connection()));
            }
            case Flow.DeleteRkey f
            when f.on() == failed -> {
                t.flow = new Flow.None();
                t.waiting.addFirst(new FlowRequest.WantRkeyDeleted(t.newId(), f.buffer()));
            }
            case Flow.DeleteLink f
            when f.on() == failed -> {
                t.flow = new Flow.None();
                t.waiting.addFirst(new FlowRequest.WantDelete(t.newId(), f.number(), DeleteCause.LOST_PATH));
            }
            default -> {}
        }
    }

    static void beginDelete(Turn t, FlowRequest.WantDelete want) {
        LinkEntry on = t.anyActiveExcept(want.number());
        if (on == null) {
            return;
        }
        LinkEntry link = t.active(want.number());
        if (link != null) { // superfluous, not failed: its connections move now
            t.moveConnections(want.number(), on.number());
        }
        t.flow = new Flow.DeleteLink(t.startTimer(t.timeouts.llcWait()), on.number(), want.number());
        t.emit(new GroupEffect.SendDeleteLinkRequest(on.number(), want.number(), want.cause()));
    }

    static void deleteLinkRequest(Turn t, GroupEvent.DeleteLinkRequest e) {
        if (t.phase.terminating()) {
            return;
        }
        if (t.server()) {
            deleteAtServer(t, e);
        } else {
            deleteAtClient(t, e);
        }
    }

    private static void deleteAtServer(Turn t, GroupEvent.DeleteLinkRequest e) {
        if (t.flow instanceof Flow.AddLink f && f.number() == e.number()) {
            LlcFlows.abortAddLink(t, f, false); // the client gave the new link up
            return;
        }
        if (t.flow instanceof Flow.DeleteLink) {
            return; // same type as the running flow: dropped
        }
        if (!t.idleSlot()) {
            LlcFlows.delay(t, e);
            return;
        }
        LinkEntry link = t.links.get(e.number());
        LinkEntry other = t.anyActiveExcept(e.number());
        if (link == null || other == null) {
            if (link != null && link.active()) {
                t.clear(link);
                Termination.begin(t, TerminationCause.LINKS_LOST);
            }
            return;
        }
        if (link.active()) {
            t.moveConnections(link.number(), other.number());
            t.type = GroupType.SINGLE;
            t.clear(link);
        }
        // The same message goes back as a request; the client's response ends the flow.
        t.flow = new Flow.DeleteLink(t.startTimer(t.timeouts.llcWait()), other.number(), e.number());
        t.emit(new GroupEffect.SendDeleteLinkRequest(other.number(), e.number(), DeleteCause.LOST_PATH));
    }

    private static void deleteAtClient(Turn t, GroupEvent.DeleteLinkRequest e) {
        if (t.flow instanceof Flow.AddLink f && f.number() == e.number()) {
            t.emit(new GroupEffect.SendDeleteLinkResponse(e.on(), e.number(), true));
            LlcFlows.abortAddLink(t, f, false);
            return;
        }
        LinkEntry link = t.links.get(e.number());
        t.emit(new GroupEffect.SendDeleteLinkResponse(e.on(), e.number(), link != null));
        if (link == null || !link.active()) {
            return;
        }
        LinkEntry other = t.anyActiveExcept(e.number());
        if (other == null) {
            t.clear(link);
            Termination.begin(t, TerminationCause.LINKS_LOST);
        } else {
            t.moveConnections(link.number(), other.number());
            t.type = GroupType.SINGLE;
            t.clear(link);
            rebind(t, link.number());
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
        if (t.activeLinks() == 1) {
            t.type = GroupType.SINGLE;
        }
        LlcFlows.wantLink(t);
    }

    /** After the group became symmetric: one of two links on the same local port is not needed any more. */
    static void removeSuperfluous(Turn t, LinkEntry added) {
        for (LinkEntry a : t.links.values()) {
            for (LinkEntry b : t.links.values()) {
                if (a.number() < b.number()
                        && a.active()
                        && b.active()
                        && a.local().equals(b.local())) {
                    LinkEntry drop = a.peer().equals(added.peer()) ? a : b;
                    t.enqueue(new FlowRequest.WantDelete(
                            t.newId(), drop.number(), DeleteCause.ASYMMETRIC_NO_LONGER_NEEDED));
                    return;
                }
            }
        }
    }
}
