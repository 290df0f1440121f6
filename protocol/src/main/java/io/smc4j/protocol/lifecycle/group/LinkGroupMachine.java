package io.smc4j.protocol.lifecycle.group;

import java.util.Optional;

/**
 * The link group's state machine: {@code step(state, event) -> (state, effects)}.
 *
 * <p>Stale input is harmless: an event for another incarnation, a deadline of another flow, a response nobody waits for and
 * anything after FREED change nothing. Rules by RFC 7609 and Linux: flows {@link LlcFlows}, link failure {@link LinkFailure},
 * membership {@link Membership}, the end {@link Termination}.
 */
public final class LinkGroupMachine {
    private LinkGroupMachine() {}

    /** Takes one step. Pure: same arguments, same result. */
    public static Step step(LinkGroupState state, GroupEvent event) {
        Turn turn = new Turn(state);
        if (state.phase() != GroupPhase.FREED) {
            apply(turn, event);
            runWaiting(turn);
        }
        return turn.done();
    }

    private static void apply(Turn t, GroupEvent event) {
        switch (event) {
            case GroupEvent.StartFirstContact e -> LlcFlows.startFirstContact(t, e);
            case GroupEvent.PeerKnown e -> LlcFlows.peerKnown(t, e);
            case GroupEvent.SmcdEstablished e -> Membership.smcdEstablished(t);
            case GroupEvent.LinkPrepared e -> LlcFlows.linkPrepared(t, e);
            case GroupEvent.LinkReady e -> LlcFlows.linkReady(t, e);
            case GroupEvent.LinkDown e -> LinkFailure.linkDown(t, e);
            case GroupEvent.LinkCleared e -> Termination.linkCleared(t, e);
            case GroupEvent.PortUp e -> LlcFlows.portUp(t, e);
            case GroupEvent.PortDown e -> t.ports.remove(e.port());
            case GroupEvent.ConfirmLinkRequest e -> LlcFlows.confirmLinkRequest(t, e);
            case GroupEvent.ConfirmLinkResponse e -> LlcFlows.confirmLinkResponse(t, e);
            case GroupEvent.AddLinkRequest e -> LlcFlows.addLinkRequest(t, e);
            case GroupEvent.AddLinkResponse e -> LlcFlows.addLinkResponse(t, e);
            case GroupEvent.AddLinkInvited e -> LlcFlows.wantLink(t);
            case GroupEvent.DeleteLinkRequest e -> LinkFailure.deleteLinkRequest(t, e);
            case GroupEvent.DeleteLinkResponse e -> LinkFailure.deleteLinkResponse(t);
            case GroupEvent.DeleteAllRequest e -> Termination.deleteAllRequest(t, e);
            case GroupEvent.ConfirmRkeyResponse e -> RkeyFlows.confirmed(t, e);
            case GroupEvent.DeleteRkeyResponse e -> RkeyFlows.deleted(t, e);
            case GroupEvent.Join e -> Membership.join(t, e);
            case GroupEvent.ConfirmRkeyWanted e -> RkeyFlows.wantConfirmed(t, e.connection());
            case GroupEvent.Left e -> Membership.left(t, e);
            case GroupEvent.DeleteRkeyWanted e -> RkeyFlows.wantDeleted(t, e.buffer());
            case GroupEvent.FlowDeadline e -> LlcFlows.deadline(t, e.flow());
            case GroupEvent.RequestDeadline e -> requestDeadline(t, e.request());
            case GroupEvent.IdleDeadline e -> Membership.idleDeadline(t, e);
            case GroupEvent.StepDeadline e -> Termination.stepDeadline(t, e);
            case GroupEvent.Terminate e -> Termination.begin(t, e.cause());
            case GroupEvent.PeerNotified e -> Termination.peerNotified(t);
        }
    }

    /** While the slot is free: the delayed event first, then waiting requests in order (section 4.11 of the kernel's rules). */
    private static void runWaiting(Turn t) {
        while (!t.phase.terminating() && t.idleSlot()) {
            if (t.delayed.isPresent()) {
                GroupEvent event = t.delayed.get();
                t.delayed = Optional.empty();
                apply(t, event);
            } else if (!t.waiting.isEmpty() && t.activeLinks() > 0) {
                begin(t, t.waiting.removeFirst());
            } else {
                return;
            }
        }
    }

    private static void begin(Turn t, FlowRequest request) {
        switch (request) {
            case FlowRequest.WantLink w -> LlcFlows.beginAddLink(t);
            case FlowRequest.WantDelete w -> LinkFailure.beginDelete(t, w);
            case FlowRequest.WantRkeyConfirmed w -> RkeyFlows.beginConfirm(t, w.connection());
            case FlowRequest.WantRkeyDeleted w -> RkeyFlows.beginDelete(t, w.buffer());
        }
    }

    private static void requestDeadline(Turn t, int id) {
        for (FlowRequest request : t.waiting) {
            if (request.id() == id) {
                t.waiting.remove(request);
                Termination.refuse(t, request);
                return;
            }
        }
    }
}
