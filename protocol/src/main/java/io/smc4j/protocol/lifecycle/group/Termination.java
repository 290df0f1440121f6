package io.smc4j.protocol.lifecycle.group;

import java.util.List;
import java.util.Optional;

/**
 * The end of a group: unlist, end connections, tell the peer, clear links, free; children first, each step with a deadline.
 *
 * <p>A step past its deadline is escalated once (what is left is stopped without waiting for anybody outside); past a second
 * deadline the next step begins, and memory is quarantined instead of freed.
 */
final class Termination {
    private Termination() {}

    static void begin(Turn t, TerminationCause cause) {
        begin(t, cause, false);
    }

    static void failFirstContact(Turn t, boolean timedOut) {
        begin(t, TerminationCause.FIRST_CONTACT_FAILED, timedOut);
    }

    private static void begin(Turn t, TerminationCause cause, boolean timedOut) {
        if (t.phase.terminating()) {
            return; // exactly one way out
        }
        boolean forming = t.phase == GroupPhase.FORMING;
        t.phase = GroupPhase.ENDING_CONNECTIONS;
        t.cause = Optional.of(cause);
        t.emit(new GroupEffect.Unlist(cause));
        if (forming) {
            t.emit(new GroupEffect.FirstContactFailed(timedOut));
        }
        abandonFlows(t);
        armStep(t);
        t.emit(new GroupEffect.KillConnections(cause));
        connectionLeft(t);
    }

    /** Nobody waits in vain: every request gets its negative answer, a half-built link goes with the others. */
    private static void abandonFlows(Turn t) {
        switch (t.flow) {
            case Flow.ConfirmRkey f -> t.emit(new GroupEffect.RkeyConfirmed(f.connection(), false));
            case Flow.DeleteRkey f -> t.emit(new GroupEffect.RkeyDeleted(f.buffer(), false));
            case Flow.None f -> {}
            case Flow.FirstContact f -> {}
            case Flow.AddLink f -> {}
            case Flow.DeleteLink f -> {}
        }
        t.flow = new Flow.None();
        t.delayed = Optional.empty();
        List<FlowRequest> requests = List.copyOf(t.waiting);
        t.waiting.clear();
        requests.forEach(request -> refuse(t, request));
    }

    static void refuse(Turn t, FlowRequest request) {
        switch (request) {
            case FlowRequest.WantRkeyConfirmed w -> t.emit(new GroupEffect.RkeyConfirmed(w.connection(), false));
            case FlowRequest.WantRkeyDeleted w -> t.emit(new GroupEffect.RkeyDeleted(w.buffer(), false));
            case FlowRequest.WantLink w -> {}
            case FlowRequest.WantDelete w -> {
                LinkEntry link = t.links.get(w.number());
                if (link != null && link.stage() == LinkStage.RETIRING) {
                    t.clear(link);
                }
            }
        }
    }

    static void connectionLeft(Turn t) {
        if (t.phase != GroupPhase.ENDING_CONNECTIONS || !t.connections.isEmpty()) {
            return;
        }
        t.phase = GroupPhase.NOTIFYING_PEER;
        LinkEntry on = t.anyActive();
        TerminationCause cause = t.cause.orElseThrow();
        if (on != null && cause.tellsPeer()) {
            armStep(t);
            t.emit(new GroupEffect.SendDeleteAll(on.number(), cause));
        } else {
            clearLinks(t);
        }
    }

    static void peerNotified(Turn t) {
        if (t.phase == GroupPhase.NOTIFYING_PEER) {
            clearLinks(t);
        }
    }

    private static void clearLinks(Turn t) {
        t.phase = GroupPhase.CLEARING_LINKS;
        armStep(t);
        List.copyOf(t.links.values()).forEach(t::clear);
        freeIfAllCleared(t);
    }

    static void linkGone(Turn t) {
        if (t.phase == GroupPhase.CLEARING_LINKS) {
            freeIfAllCleared(t);
        }
    }

    private static void freeIfAllCleared(Turn t) {
        if (t.links.isEmpty()) {
            free(t);
        }
    }

    private static void free(Turn t) {
        t.phase = GroupPhase.FREED;
        t.emit(new GroupEffect.Free(t.cause.orElseThrow(), t.quarantine));
    }

    static void stepDeadline(Turn t, GroupEvent.StepDeadline e) {
        if (e.step() != t.phase || !t.phase.terminating()) {
            return;
        }
        if (!t.escalated) {
            t.emit(new GroupEffect.Escalate(t.phase));
            if (t.phase == GroupPhase.NOTIFYING_PEER) {
                clearLinks(t); // the message may be lost; nothing else depends on it
            } else {
                armStep(t);
                t.escalated = true;
            }
            return;
        }
        t.quarantine = true;
        switch (t.phase) {
            case ENDING_CONNECTIONS -> {
                t.connections.clear();
                connectionLeft(t);
            }
            case CLEARING_LINKS -> {
                t.links.clear();
                free(t);
            }
            case FORMING, LISTED, NOTIFYING_PEER, FREED -> {}
        }
    }

    static void deleteAllRequest(Turn t, GroupEvent.DeleteAllRequest e) {
        if (t.phase.terminating()) {
            return;
        }
        if (t.server() && t.active(e.on()) != null) {
            t.emit(new GroupEffect.SendDeleteAll(e.on(), TerminationCause.PEER_DELETED_ALL));
        }
        begin(t, TerminationCause.PEER_DELETED_ALL);
    }

    private static void armStep(Turn t) {
        t.escalated = false;
        t.emit(new GroupEffect.ArmStepDeadline(t.phase, t.timeouts.terminationStep()));
    }
}
