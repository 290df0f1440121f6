package io.smc4j.protocol.lifecycle.group;

import java.util.ArrayList;
import java.util.List;

/** What must hold after every step of an end. */
final class GroupPromises {
    private final GroupEnd end;
    private final LinkGroupState state;

    GroupPromises(GroupEnd end) {
        this.end = end;
        state = end.state;
    }

    void check(LinkGroupState before, List<GroupEffect> effects) {
        checkTimers(before, effects);
        checkState();
    }

    /** Whatever waits has a deadline. */
    private void checkTimers(LinkGroupState before, List<GroupEffect> effects) {
        if (end.flowTimed() && state.flow().id() != before.flow().id()) {
            GroupEnd.check(
                    effects.stream()
                            .anyMatch(e -> e instanceof GroupEffect.ArmFlowDeadline a
                                    && a.flow() == state.flow().id()),
                    "a flow without deadline: %s",
                    state.flow());
        }
        List<Integer> old = new ArrayList<>();
        before.waiting().forEach(request -> old.add(request.id()));
        for (FlowRequest request : state.waiting()) {
            GroupEnd.check(
                    old.contains(request.id())
                            || effects.stream()
                                    .anyMatch(e -> e instanceof GroupEffect.ArmRequestDeadline a
                                            && a.request() == request.id()),
                    "a waiting request without deadline: %s",
                    request);
        }
        boolean entered = state.phase() != before.phase() && state.phase().terminating() && !end.over();
        GroupEnd.check(
                !entered
                        || effects.stream()
                                .anyMatch(e -> e instanceof GroupEffect.ArmStepDeadline a && a.step() == state.phase()),
                "a step of termination without deadline: %s",
                state.phase());
        boolean idle = idle(state);
        GroupEnd.check(
                !idle || idle(before) || effects.stream().anyMatch(GroupEffect.ArmIdleDeadline.class::isInstance),
                "an empty group without idle deadline");
    }

    private static boolean idle(LinkGroupState s) {
        return s.phase() == GroupPhase.LISTED && s.connections().isEmpty();
    }

    private void checkState() {
        GroupEnd.check(
                state.phase().terminating() == (end.unlisted == 1),
                "unlisted %s times in %s",
                end.unlisted,
                state.phase());
        GroupEnd.check(end.freed == (end.over() ? 1 : 0), "freed %s times in %s", end.freed, state.phase());
        GroupEnd.check(state.type() == typeOfLinks(), "type %s, but links are %s", state.type(), state.links());
        if (state.phase().terminating()) {
            GroupEnd.check(
                    end.confirming.isEmpty() && end.deleting.isEmpty(),
                    "unanswered: %s %s",
                    end.confirming,
                    end.deleting);
            return;
        }
        for (LinkEntry link : state.links().values()) {
            GroupEnd.Owner owner = end.owners.get(link.number());
            boolean fits = switch (link.stage()) {
                case PREPARING -> owner == GroupEnd.Owner.CREATING;
                case RETIRING -> owner == GroupEnd.Owner.READY;
                case ACTIVATING ->
                    owner == GroupEnd.Owner.PREPARED
                            || owner == GroupEnd.Owner.READYING
                            || owner == GroupEnd.Owner.READY;
                case ACTIVE -> owner == GroupEnd.Owner.READY;
                case CLEARING -> owner == GroupEnd.Owner.CLEARING;
            };
            GroupEnd.check(fits, "link %s, but its owner is %s", link, owner);
            boolean half = link.stage() == LinkStage.PREPARING || link.stage() == LinkStage.ACTIVATING;
            GroupEnd.check(!half || building() == link.number(), "nobody builds %s any more", link);
        }
        if (state.phase() == GroupPhase.LISTED) {
            GroupEnd.check(end.active() > 0, "listed without an active link");
            state.connections()
                    .forEach((connection, link) -> GroupEnd.check(
                            end.active(link), "connection %s is on link %s: %s", connection, link, state.links()));
            GroupEnd.check(
                    !(state.flow() instanceof Flow.None)
                            || (state.waiting().isEmpty() && state.delayed().isEmpty()),
                    "requests wait for a free slot: %s",
                    state.waiting());
            int on = carrier();
            GroupEnd.check(on == 0 || end.active(on), "the flow waits on a dead link: %s", state.flow());
        }
        for (long connection : end.confirming) {
            boolean known = state.flow() instanceof Flow.ConfirmRkey f && f.connection() == connection
                    || state.waiting().stream()
                            .anyMatch(
                                    r -> r instanceof FlowRequest.WantRkeyConfirmed w && w.connection() == connection);
            GroupEnd.check(known, "connection %s waits in vain for its rkey", connection);
        }
        for (long buffer : end.deleting) {
            boolean known = state.flow() instanceof Flow.DeleteRkey f && f.buffer() == buffer
                    || state.waiting().stream()
                            .anyMatch(r -> r instanceof FlowRequest.WantRkeyDeleted w && w.buffer() == buffer)
                    || state.links().values().stream()
                            .anyMatch(link -> link.unansweredDelete().orElse(-1) == buffer && link.active());
            GroupEnd.check(known, "buffer %s waits in vain", buffer);
        }
    }

    private int building() {
        return switch (state.flow()) {
            case Flow.FirstContact f -> f.number();
            case Flow.AddLink f -> f.number();
            default -> 0;
        };
    }

    private int carrier() {
        return switch (state.flow()) {
            case Flow.AddLink f -> f.on();
            case Flow.DeleteLink f -> f.on();
            case Flow.ConfirmRkey f -> f.on();
            case Flow.DeleteRkey f -> f.on();
            case Flow.None f -> 0;
            case Flow.FirstContact f -> 0;
        };
    }

    private GroupType typeOfLinks() {
        List<LinkEntry> active =
                state.links().values().stream().filter(LinkEntry::active).toList();
        if (active.size() < 2) {
            return active.isEmpty() ? GroupType.NONE : GroupType.SINGLE;
        }
        boolean sameLocal = false;
        for (LinkEntry a : active) {
            for (LinkEntry b : active) {
                if (!a.local().equals(b.local()) && !a.peer().equals(b.peer())) {
                    return GroupType.SYMMETRIC;
                }
                sameLocal |= a.number() != b.number() && a.local().equals(b.local());
            }
        }
        return sameLocal ? GroupType.ASYMMETRIC_LOCAL : GroupType.ASYMMETRIC_PEER;
    }
}
