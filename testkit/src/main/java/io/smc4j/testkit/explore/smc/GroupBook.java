package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.group.Flow;
import io.smc4j.protocol.lifecycle.group.FlowRequest;
import io.smc4j.protocol.lifecycle.group.GroupEffect;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * States of link groups met so far, each once, with the steps taken from it: the machine is asked once per state and event.
 *
 * <p>Ids of flows and requests are renumbered from 1, and the idle epoch from 0: the machine only compares them. So groups
 * with different histories are one state.
 */
final class GroupBook {
    /** What the machine does. @param armsFlow whether the running flow has a deadline that began in this step, in an earlier one, or not */
    record Taken(
            Page to,
            List<GroupEffect> effects,
            Arms armsFlow,
            @Nullable String missing) {}

    enum Arms {
        NOW,
        AS_BEFORE,
        NOT
    }

    /** One state. */
    static final class Page {
        final LinkGroupState state;
        final int number;
        private final Map<GroupEvent, Taken> steps = new HashMap<>(4);

        private Page(LinkGroupState state, int number) {
            this.state = state;
            this.number = number;
        }
    }

    private final SmcParts parts;
    private final Map<LinkGroupState, Page> pages = new HashMap<>();

    GroupBook(SmcParts parts) {
        this.parts = parts;
    }

    Page page(LinkGroupState state) {
        LinkGroupState canonical = renumbered(state);
        Page page = pages.get(canonical);
        if (page == null) {
            page = new Page(canonical, pages.size());
            pages.put(canonical, page);
        }
        return page;
    }

    Taken step(Page from, GroupEvent event) {
        Taken taken = from.steps.get(event);
        if (taken == null) {
            Step step = parts.group(from.state, event);
            taken = new Taken(
                    page(step.state()), step.effects(), arms(from.state, step), missingDeadline(from.state, step));
            from.steps.put(event, taken);
        }
        return taken;
    }

    private static LinkGroupState renumbered(LinkGroupState s) {
        int next = 0;
        Flow flow = s.flow();
        if (!(flow instanceof Flow.None)) {
            flow = renumbered(flow, ++next);
        }
        List<FlowRequest> waiting = new ArrayList<>();
        for (FlowRequest request : s.waiting()) {
            waiting.add(renumbered(request, ++next));
        }
        return new LinkGroupState(
                s.role(),
                s.smcD(),
                s.version(),
                s.timeouts(),
                s.maxLinks(),
                s.maxConnections(),
                s.phase(),
                s.type(),
                s.cause(),
                s.ports(),
                s.links(),
                s.connections(),
                flow,
                waiting,
                s.delayed(),
                next,
                s.nextIncarnation(),
                0,
                s.escalated(),
                s.quarantine());
    }

    private static Flow renumbered(Flow flow, int id) {
        return switch (flow) {
            case Flow.None f -> f;
            case Flow.Building f -> f.at(id, f.stage());
            case Flow.DeleteLink f -> new Flow.DeleteLink(id, f.on(), f.number());
            case Flow.ConfirmRkey f -> new Flow.ConfirmRkey(id, f.on(), f.connection());
            case Flow.DeleteRkey f -> new Flow.DeleteRkey(id, f.on(), f.buffer());
        };
    }

    private static FlowRequest renumbered(FlowRequest request, int id) {
        return switch (request) {
            case FlowRequest.WantLink r -> new FlowRequest.WantLink(id);
            case FlowRequest.WantDelete r -> new FlowRequest.WantDelete(id, r.number(), r.cause());
            case FlowRequest.WantRkeyConfirmed r -> new FlowRequest.WantRkeyConfirmed(id, r.connection());
            case FlowRequest.WantRkeyDeleted r -> new FlowRequest.WantRkeyDeleted(id, r.buffer());
        };
    }

    private static Arms arms(LinkGroupState before, Step step) {
        int flow = step.state().flow().id();
        if (step.effects().stream().anyMatch(e -> e instanceof GroupEffect.ArmFlowDeadline a && a.flow() == flow)) {
            return Arms.NOW;
        }
        return flow == before.flow().id() ? Arms.AS_BEFORE : Arms.NOT;
    }

    // ---- whatever waits for a peer has a deadline ----

    private static @Nullable String missingDeadline(LinkGroupState before, Step step) {
        LinkGroupState after = step.state();
        List<GroupEffect> effects = step.effects();
        if (waitsForPeer(after.flow()) && arms(before, step) == Arms.NOT) {
            return "the flow " + after.flow();
        }
        List<Integer> old = before.waiting().stream().map(FlowRequest::id).toList();
        for (FlowRequest request : after.waiting()) {
            boolean armed = effects.stream()
                    .anyMatch(e -> e instanceof GroupEffect.ArmRequestDeadline a && a.request() == request.id());
            if (!armed && !old.contains(request.id())) {
                return "the request " + request;
            }
        }
        boolean entered =
                after.phase() != before.phase() && after.phase().terminating() && after.phase() != GroupPhase.FREED;
        if (entered
                && effects.stream()
                        .noneMatch(e -> e instanceof GroupEffect.ArmStepDeadline a && a.step() == after.phase())) {
            return "the step " + after.phase() + " of termination";
        }
        if (idle(after) && !idle(before) && effects.stream().noneMatch(GroupEffect.ArmIdleDeadline.class::isInstance)) {
            return "a group without connections";
        }
        return null;
    }

    private static boolean idle(LinkGroupState s) {
        return s.phase() == GroupPhase.LISTED && s.connections().isEmpty();
    }

    private static boolean waitsForPeer(Flow flow) {
        return switch (flow) {
            case Flow.None f -> false;
            case Flow.FirstContact f -> f.stage() == Flow.Stage.AWAITING_CONFIRM;
            case Flow.AddLink f ->
                switch (f.stage()) {
                    case AWAITING_PEER, EXCHANGING_RKEYS, AWAITING_CONFIRM -> true;
                    case PREPARING, READYING -> false;
                };
            case Flow.DeleteLink f -> true;
            case Flow.ConfirmRkey f -> true;
            case Flow.DeleteRkey f -> true;
        };
    }
}
