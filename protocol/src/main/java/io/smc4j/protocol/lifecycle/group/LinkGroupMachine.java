package io.smc4j.protocol.lifecycle.group;

import java.util.Optional;

/**
 * The link group's state machine: {@code step(state, event) -> (state, effects)}.
 *
 * <p>Stale input is harmless: an event for another incarnation, a deadline of another flow, a response nobody waits for and
 * anything after FREED change nothing. Rules by RFC 7609 and Linux: how links come up {@link LinkBuilding} and {@link AddLinkFlow}, link failure {@link LinkFailure},
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
            case GroupEvent.StartFirstContact e -> LinkBuilding.startFirstContact(t, e);
            case GroupEvent.PeerKnown e -> LinkBuilding.peerKnown(t, e);
            case GroupEvent.SmcdEstablished e -> Membership.smcdEstablished(t);
            case GroupEvent.LinkPrepared e -> LinkBuilding.linkPrepared(t, e);
            case GroupEvent.LinkReady e -> LinkBuilding.linkReady(t, e);
            case GroupEvent.LinkDown e -> LinkFailure.linkDown(t, e);
            case GroupEvent.LinkCleared e -> LinkFailure.linkCleared(t, e);
            case GroupEvent.PortUp e -> AddLinkFlow.portUp(t, e);
            case GroupEvent.PortDown e -> t.ports.remove(e.port());
            case GroupEvent.ConfirmLinkRequest e -> LinkBuilding.confirmLinkRequest(t, e);
            case GroupEvent.ConfirmLinkResponse e -> LinkBuilding.confirmLinkResponse(t, e);
            case GroupEvent.AddLinkRequest e -> AddLinkFlow.request(t, e);
            case GroupEvent.AddLinkResponse e -> AddLinkFlow.response(t, e);
            case GroupEvent.AddLinkContinue e -> LinkBuilding.rkeysReceived(t, e);
            case GroupEvent.AddLinkInvited e -> AddLinkFlow.want(t);
            case GroupEvent.DeleteLinkRequest e -> LinkFailure.deleteLinkRequest(t, e);
            case GroupEvent.DeleteLinkResponse e -> LinkFailure.deleteLinkResponse(t);
            case GroupEvent.DeleteAllRequest e -> Termination.deleteAllRequest(t, e);
            case GroupEvent.ConfirmRkeyResponse e -> RkeyFlows.confirmed(t, e);
            case GroupEvent.DeleteRkeyResponse e -> RkeyFlows.deleted(t, e);
            case GroupEvent.Join e -> Membership.join(t, e);
            case GroupEvent.ConfirmRkeyWanted e -> RkeyFlows.wantConfirmed(t, e.connection());
            case GroupEvent.Left e -> Membership.left(t, e);
            case GroupEvent.DeleteRkeyWanted e -> RkeyFlows.wantDeleted(t, e.buffer());
            case GroupEvent.FlowDeadline e -> flowDeadline(t, e.flow());
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
                GroupEvent.AddLinkRequest event = t.delayed.get();
                t.delayed = Optional.empty();
                AddLinkFlow.request(t, event);
            } else if (!t.waiting.isEmpty() && t.anyActive() != null) {
                begin(t, t.waiting.removeFirst());
            } else {
                return;
            }
        }
    }

    private static void begin(Turn t, FlowRequest request) {
        switch (request) {
            case FlowRequest.WantLink w -> AddLinkFlow.begin(t);
            case FlowRequest.WantDelete w -> LinkFailure.beginDelete(t, w);
            case FlowRequest.WantRkeyConfirmed w -> RkeyFlows.beginConfirm(t, w.connection());
            case FlowRequest.WantRkeyDeleted w -> RkeyFlows.beginDelete(t, w.buffer());
        }
    }

    private static void flowDeadline(Turn t, int id) {
        if (t.flow.id() != id) {
            return; // of a flow that is over
        }
        switch (t.flow) {
            case Flow.FirstContact f -> Termination.failFirstContact(t, f.stage() == Flow.Stage.AWAITING_CONFIRM);
            case Flow.AddLink f -> AddLinkFlow.giveUp(t, f, true);
            case Flow.DeleteLink f -> LinkFailure.deleteFinished(t, f);
            case Flow.ConfirmRkey f -> RkeyFlows.finishConfirm(t, f, false);
            case Flow.DeleteRkey f -> RkeyFlows.deleteTimedOut(t, f);
            case Flow.None f -> {}
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
