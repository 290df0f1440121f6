package io.smc4j.protocol.lifecycle.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One end of the explorer's world: a machine and a model of whoever carries out its effects. */
final class GroupEnd {
    /** Where a link's owner is with its queue pair. */
    enum Owner {
        CREATING,
        PREPARED,
        READYING,
        READY,
        CLEARING
    }

    /** Where a connection is. */
    enum Member {
        CONFIRMING,
        OPEN,
        FAILED,
        GONE
    }

    final GroupRole role;
    LinkGroupState state;
    final Map<Integer, Owner> owners = new TreeMap<>();
    final Map<Integer, Integer> incarnations = new TreeMap<>();
    final Map<Long, Member> members = new TreeMap<>();
    final SortedSet<Long> confirming = new TreeSet<>();
    final SortedSet<Long> deleting = new TreeSet<>();
    boolean notifying;
    int unlisted;
    int freed;
    int firstContactAnswers;

    GroupEnd(LinkGroupState state) {
        role = state.role();
        this.state = state;
    }

    GroupEnd(GroupEnd other) {
        role = other.role;
        state = other.state;
        owners.putAll(other.owners);
        incarnations.putAll(other.incarnations);
        members.putAll(other.members);
        confirming.addAll(other.confirming);
        deleting.addAll(other.deleting);
        notifying = other.notifying;
        unlisted = other.unlisted;
        freed = other.freed;
        firstContactAnswers = other.firstContactAnswers;
    }

    boolean over() {
        return state.phase() == GroupPhase.FREED;
    }

    boolean has(int number, Owner stage) {
        return owners.get(number) == stage;
    }

    /** Whether messages that arrive on the link can be received. */
    boolean receives(int number) {
        Owner owner = owners.get(number);
        return owner == Owner.READY
                || (role == GroupRole.CLIENT && (owner == Owner.PREPARED || owner == Owner.READYING));
    }

    boolean flowTimed() {
        return switch (state.flow()) {
            case Flow.None f -> false;
            case Flow.FirstContact f -> f.stage() == Flow.Stage.AWAITING_CONFIRM;
            case Flow.AddLink f -> f.stage() == Flow.Stage.AWAITING_CONFIRM || f.stage() == Flow.Stage.AWAITING_PEER;
            case Flow.DeleteLink f -> true;
            case Flow.ConfirmRkey f -> true;
            case Flow.DeleteRkey f -> true;
        };
    }

    /** Takes the step, carries its effects out in the world and checks every promise one step can break. */
    void feed(TwoGroups world, GroupEvent event) {
        LinkGroupState before = state;
        Step step = LinkGroupMachine.step(before, event);
        state = step.state();
        world.log(role, event, step);
        for (GroupEffect effect : step.effects()) {
            check(freed == 0, "an effect after Free: %s", effect);
            carryOut(world, effect);
        }
        checkTimers(before, step.effects());
        checkState();
    }

    private void carryOut(TwoGroups world, GroupEffect effect) {
        switch (effect) {
            case GroupEffect.PrepareLink e -> {
                check(!owners.containsKey(e.number()), "a second owner for link %s", e.number());
                owners.put(e.number(), Owner.CREATING);
                incarnations.put(e.number(), e.incarnation());
                world.prepared(role, e.number());
            }
            case GroupEffect.ReadyLink e -> advance(e, e.number(), e.incarnation(), Owner.PREPARED, Owner.READYING);
            case GroupEffect.LinkActivated e -> advance(e, e.number(), e.incarnation(), Owner.READY, Owner.READY);
            case GroupEffect.ClearLink e -> {
                current(e, e.number(), e.incarnation());
                check(!has(e.number(), Owner.CLEARING), "cleared twice: %s", e);
                check(
                        state.phase().terminating() || !state.connections().containsValue(e.number()),
                        "link %s is cleared with connections on it",
                        e.number());
                owners.put(e.number(), Owner.CLEARING);
                world.breakLink(e.number());
            }
            case GroupEffect.MoveConnections e ->
                check(
                        state.phase().terminating() || state.links().get(e.to()) instanceof LinkEntry to && to.active(),
                        "connections moved to a link that is not active: %s",
                        e);
            case GroupEffect.SendConfirmLinkRequest e -> send(world, e.on(), Llc.Kind.CONFIRM_LINK, e.on());
            case GroupEffect.SendConfirmLinkResponse e -> send(world, e.on(), Llc.Kind.CONFIRM_LINK_ANSWER, e.on());
            case GroupEffect.SendAddLinkRequest e -> send(world, e.on(), Llc.Kind.ADD_LINK, e.number());
            case GroupEffect.SendAddLinkResponse e -> send(world, e.on(), Llc.Kind.ADD_LINK_ANSWER, e.number());
            case GroupEffect.SendAddLinkReject e -> send(world, e.on(), Llc.Kind.ADD_LINK_REJECT, e.number());
            case GroupEffect.SendRequestAddLink e -> send(world, e.on(), Llc.Kind.REQUEST_ADD_LINK, 0);
            case GroupEffect.SendDeleteLinkRequest e -> send(world, e.on(), Llc.Kind.DELETE_LINK, e.number());
            case GroupEffect.SendDeleteLinkResponse e -> send(world, e.on(), Llc.Kind.DELETE_LINK_ANSWER, e.number());
            case GroupEffect.SendDeleteAll e -> {
                notifying = true;
                send(world, e.on(), Llc.Kind.DELETE_ALL, 0);
            }
            case GroupEffect.SendConfirmRkey e ->
                send(world, e.on(), Llc.Kind.CONFIRM_RKEY, Math.toIntExact(e.connection()));
            case GroupEffect.SendDeleteRkey e -> send(world, e.on(), Llc.Kind.DELETE_RKEY, Math.toIntExact(e.buffer()));
            case GroupEffect.FirstLinkPrepared e -> world.firstLinkPrepared(role);
            case GroupEffect.Established e -> answerFirstContact();
            case GroupEffect.FirstContactFailed e -> answerFirstContact();
            case GroupEffect.Joined e -> members.put(e.connection(), Member.CONFIRMING);
            case GroupEffect.JoinRefused e -> members.put(e.connection(), Member.GONE);
            case GroupEffect.RkeyConfirmed e -> {
                check(confirming.remove(e.connection()), "an answer nobody waits for: %s", e);
                if (members.get(e.connection()) == Member.CONFIRMING) {
                    members.put(e.connection(), e.confirmed() ? Member.OPEN : Member.FAILED);
                    world.rkeyConfirmed(this, e.connection(), e.confirmed());
                }
            }
            case GroupEffect.RkeyDeleted e -> check(deleting.remove(e.buffer()), "an answer nobody waits for: %s", e);
            case GroupEffect.Unlist e -> {
                unlisted++;
                check(unlisted == 1, "unlisted twice");
            }
            case GroupEffect.KillConnections e ->
                check(unlisted == 1, "connections killed before the group is unlisted");
            case GroupEffect.Free e -> {
                freed++;
                boolean empty = owners.isEmpty() && state.connections().isEmpty();
                boolean left = members.values().stream().noneMatch(m -> m != Member.GONE);
                check(e.quarantine() || (empty && left), "freed while something is left: %s %s", owners, members);
            }
            case GroupEffect.ArmFlowDeadline e -> {}
            case GroupEffect.ArmRequestDeadline e -> {}
            case GroupEffect.ArmIdleDeadline e -> {}
            case GroupEffect.ArmStepDeadline e -> {}
            case GroupEffect.Escalate e -> {}
        }
    }

    private void answerFirstContact() {
        firstContactAnswers++;
        check(firstContactAnswers == 1, "a second answer to first contact");
    }

    private void current(GroupEffect effect, int number, int incarnation) {
        check(
                owners.containsKey(number) && incarnations.getOrDefault(number, 0) == incarnation,
                "an effect for a link that is gone: %s",
                effect);
    }

    private void advance(GroupEffect effect, int number, int incarnation, Owner from, Owner to) {
        current(effect, number, incarnation);
        check(has(number, from), "%s, but its owner is %s", effect, owners.get(number));
        owners.put(number, to);
    }

    private void send(TwoGroups world, int on, Llc.Kind kind, int argument) {
        check(has(on, Owner.READY), "%s sent on link %s whose owner is %s", kind, on, owners.get(on));
        world.send(role, on, new Llc(kind, argument, port(argument)));
    }

    private int port(int number) {
        LinkEntry link = state.links().get(number);
        return link == null ? 0 : link.local().port();
    }

    /** Whatever waits has a deadline. */
    private void checkTimers(LinkGroupState before, List<GroupEffect> effects) {
        if (flowTimed() && state.flow().id() != before.flow().id()) {
            check(
                    effects.stream()
                            .anyMatch(e -> e instanceof GroupEffect.ArmFlowDeadline a
                                    && a.flow() == state.flow().id()),
                    "a flow without deadline: %s",
                    state.flow());
        }
        List<Integer> old = new ArrayList<>();
        before.waiting().forEach(request -> old.add(request.id()));
        for (FlowRequest request : state.waiting()) {
            check(
                    old.contains(request.id())
                            || effects.stream()
                                    .anyMatch(e -> e instanceof GroupEffect.ArmRequestDeadline a
                                            && a.request() == request.id()),
                    "a waiting request without deadline: %s",
                    request);
        }
        boolean entered = state.phase() != before.phase() && state.phase().terminating() && !over();
        check(
                !entered
                        || effects.stream()
                                .anyMatch(e -> e instanceof GroupEffect.ArmStepDeadline a && a.step() == state.phase()),
                "a step of termination without deadline: %s",
                state.phase());
        boolean idle = idle(state);
        check(
                !idle || idle(before) || effects.stream().anyMatch(GroupEffect.ArmIdleDeadline.class::isInstance),
                "an empty group without idle deadline");
    }

    private static boolean idle(LinkGroupState s) {
        return s.phase() == GroupPhase.LISTED && s.connections().isEmpty();
    }

    private void checkState() {
        check(state.phase().terminating() == (unlisted == 1), "unlisted %s times in %s", unlisted, state.phase());
        check(freed == (over() ? 1 : 0), "freed %s times in %s", freed, state.phase());
        check(state.type() == typeOfLinks(), "type %s, but links are %s", state.type(), state.links());
        if (state.phase().terminating()) {
            check(confirming.isEmpty() && deleting.isEmpty(), "unanswered: %s %s", confirming, deleting);
            return;
        }
        for (LinkEntry link : state.links().values()) {
            Owner owner = owners.get(link.number());
            boolean fits = switch (link.stage()) {
                case PREPARING -> owner == Owner.CREATING;
                case RETIRING -> owner == Owner.READY;
                case ACTIVATING -> owner == Owner.PREPARED || owner == Owner.READYING || owner == Owner.READY;
                case ACTIVE -> owner == Owner.READY;
                case CLEARING -> owner == Owner.CLEARING;
            };
            check(fits, "link %s, but its owner is %s", link, owner);
            boolean half = link.stage() == LinkStage.PREPARING || link.stage() == LinkStage.ACTIVATING;
            check(!half || building() == link.number(), "nobody builds %s any more", link);
        }
        if (state.phase() == GroupPhase.LISTED) {
            check(active() > 0, "listed without an active link");
            state.connections()
                    .forEach((connection, link) ->
                            check(active(link), "connection %s is on link %s: %s", connection, link, state.links()));
            check(
                    !(state.flow() instanceof Flow.None)
                            || (state.waiting().isEmpty() && state.delayed().isEmpty()),
                    "requests wait for a free slot: %s",
                    state.waiting());
            int on = carrier();
            check(on == 0 || active(on), "the flow waits on a dead link: %s", state.flow());
        }
        for (long connection : confirming) {
            boolean known = state.flow() instanceof Flow.ConfirmRkey f && f.connection() == connection
                    || state.waiting().stream()
                            .anyMatch(
                                    r -> r instanceof FlowRequest.WantRkeyConfirmed w && w.connection() == connection);
            check(known, "connection %s waits in vain for its rkey", connection);
        }
        for (long buffer : deleting) {
            boolean known = state.flow() instanceof Flow.DeleteRkey f && f.buffer() == buffer
                    || state.waiting().stream()
                            .anyMatch(r -> r instanceof FlowRequest.WantRkeyDeleted w && w.buffer() == buffer);
            check(known, "buffer %s waits in vain", buffer);
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

    boolean active(int number) {
        LinkEntry link = state.links().get(number);
        return link != null && link.active();
    }

    int active() {
        return (int) state.links().values().stream().filter(LinkEntry::active).count();
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

    static void check(boolean holds, String what, @Nullable Object... arguments) {
        if (!holds) {
            throw new AssertionError(what.formatted(arguments));
        }
    }
}
