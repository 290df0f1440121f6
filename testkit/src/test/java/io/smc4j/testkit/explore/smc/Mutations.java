package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.connection.ConnectionEffect;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent;
import io.smc4j.protocol.lifecycle.connection.ConnectionMachine;
import io.smc4j.protocol.lifecycle.connection.ConnectionState;
import io.smc4j.protocol.lifecycle.group.Flow;
import io.smc4j.protocol.lifecycle.group.GroupEffect;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.LinkEntry;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.LinkStage;
import io.smc4j.protocol.lifecycle.group.Step;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.protocol.lifecycle.link.LinkDownCause;
import io.smc4j.protocol.lifecycle.link.LinkEffect;
import io.smc4j.protocol.lifecycle.link.LinkEvent;
import io.smc4j.protocol.lifecycle.link.LinkMachine;
import io.smc4j.protocol.lifecycle.link.LinkPhase;
import io.smc4j.protocol.lifecycle.link.LinkState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Bugs of the link group's, the link's and the connection's machine, as decorations of the real ones. */
final class Mutations {
    private Mutations() {}

    /** Frees the group as soon as its end begins. */
    static final class FreesBeforeChildrenStopped extends SmcParts {
        @Override
        public Step group(LinkGroupState state, GroupEvent event) {
            Step step = super.group(state, event);
            return has(step, GroupEffect.KillConnections.class)
                    ? new Step(
                            step.state(),
                            with(step.effects(), new GroupEffect.Free(TerminationCause.NODE_SHUTDOWN, false)))
                    : step;
        }
    }

    /** Takes a group off the registry last. */
    static final class UnlistsAfterStopping extends SmcParts {
        @Override
        public Step group(LinkGroupState state, GroupEvent event) {
            Step step = super.group(state, event);
            List<GroupEffect> effects = new ArrayList<>(step.effects());
            effects.removeIf(GroupEffect.Unlist.class::isInstance);
            step.effects().stream().filter(GroupEffect.Unlist.class::isInstance).forEach(effects::add);
            return new Step(step.state(), effects);
        }
    }

    /** Ends a group again that idles out, when the peer deletes it meanwhile. */
    static final class EndsTwice extends SmcParts {
        @Override
        public Step group(LinkGroupState state, GroupEvent event) {
            Step step = super.group(state, event);
            boolean again = event instanceof GroupEvent.DeleteAllRequest
                    && state.phase().terminating();
            return again
                    ? new Step(
                            step.state(),
                            with(step.effects(), new GroupEffect.Unlist(TerminationCause.PEER_DELETED_ALL)))
                    : step;
        }
    }

    /** Takes every report that a link is down for news. */
    static final class LinkDownTwice extends SmcParts {
        @Override
        public LinkMachine.Step link(LinkState state, LinkEvent event, long nowNanos) {
            LinkMachine.Step step = super.link(state, event, nowNanos);
            boolean again = event instanceof LinkEvent.DownTriggered && state.phase() == LinkPhase.INACTIVE;
            return again
                    ? new LinkMachine.Step(step.state(), List.of(new LinkEffect.LinkDown(LinkDownCause.PORT_ERROR)))
                    : step;
        }

        @Override
        public Step group(LinkGroupState state, GroupEvent event) {
            Step step = super.group(state, event);
            boolean again = event instanceof GroupEvent.LinkDown down
                    && state.links().get(down.number()) instanceof LinkEntry entry
                    && entry.stage() == LinkStage.CLEARING;
            return again && event instanceof GroupEvent.LinkDown down
                    ? new Step(
                            step.state(),
                            with(step.effects(), new GroupEffect.ClearLink(down.number(), down.incarnation())))
                    : step;
        }
    }

    /** Forgets an ADD LINK that comes while another flow is running. */
    static final class DropsDelayedEvent extends SmcParts {
        @Override
        public Step group(LinkGroupState state, GroupEvent event) {
            Step step = super.group(state, event);
            return new Step(changed(step.state(), step.state().links(), Optional.empty()), step.effects());
        }
    }

    /** Forgets which DELETE RKEY was not answered in time, so that a late answer counts for the next one. */
    static final class TakesLateRkeyAnswer extends SmcParts {
        @Override
        public Step group(LinkGroupState state, GroupEvent event) {
            Step step = super.group(state, event);
            boolean timedOut = event instanceof GroupEvent.FlowDeadline late
                    && state.flow() instanceof Flow.DeleteRkey flow
                    && late.flow() == flow.id();
            if (!timedOut || !(state.flow() instanceof Flow.DeleteRkey flow)) {
                return step;
            }
            SortedMap<Integer, LinkEntry> links = new TreeMap<>();
            step.state()
                    .links()
                    .forEach((number, l) -> links.put(
                            number,
                            new LinkEntry(
                                    l.number(),
                                    l.incarnation(),
                                    l.stage(),
                                    l.local(),
                                    l.peer(),
                                    OptionalLong.empty())));
            return new Step(
                    changed(step.state(), links, step.state().delayed()),
                    with(step.effects(), new GroupEffect.RkeyDeleted(flow.buffer(), false)));
        }
    }

    /** Answers CONFIRM LINK before the queue pair is RTS. */
    static final class SendsBeforeReady extends SmcParts {
        @Override
        public Step group(LinkGroupState state, GroupEvent event) {
            Step step = super.group(state, event);
            List<GroupEffect> effects = new ArrayList<>(step.effects());
            if (event instanceof GroupEvent.ConfirmLinkRequest) {
                effects.replaceAll(e -> e instanceof GroupEffect.ReadyLink ready
                        ? new GroupEffect.SendConfirmLinkResponse(ready.number())
                        : e);
            }
            return new Step(step.state(), effects);
        }
    }

    /** Arms no deadline for flows. */
    static final class ForgetsDeadline extends SmcParts {
        @Override
        public Step group(LinkGroupState state, GroupEvent event) {
            return without(super.group(state, event), GroupEffect.ArmFlowDeadline.class::isInstance);
        }
    }

    /** Does not answer who waits for an rkey when the group ends. */
    static final class ForgetsWaiters extends SmcParts {
        @Override
        public Step group(LinkGroupState state, GroupEvent event) {
            return without(
                    super.group(state, event),
                    e -> e instanceof GroupEffect.RkeyConfirmed confirmed && !confirmed.confirmed());
        }
    }

    /** Lets connections stay on a link that fails. */
    static final class ForgetsToMoveConnections extends SmcParts {
        @Override
        public Step group(LinkGroupState state, GroupEvent event) {
            return without(super.group(state, event), GroupEffect.MoveConnections.class::isInstance);
        }
    }

    /** Drops the reference of the passive side whenever the peer's flags come. */
    static final class DropsPassiveReferenceTwice extends SmcParts {
        @Override
        public ConnectionMachine.Step connection(ConnectionState state, ConnectionEvent event, long nowNanos) {
            ConnectionMachine.Step step = super.connection(state, event, nowNanos);
            List<ConnectionEffect> effects = new ArrayList<>(step.effects());
            if (event instanceof ConnectionEvent.PeerFlags && !step.effects().isEmpty()) {
                effects.addFirst(new ConnectionEffect.DropPassiveReference());
            }
            return new ConnectionMachine.Step(step.state(), effects);
        }
    }

    /** Releases a connection once more when it is killed after its end. */
    static final class ReleasesTwice extends SmcParts {
        @Override
        public ConnectionMachine.Step connection(ConnectionState state, ConnectionEvent event, long nowNanos) {
            ConnectionMachine.Step step = super.connection(state, event, nowNanos);
            boolean again = state.released() && event instanceof ConnectionEvent.Kill && state.reason() != null;
            return again
                    ? new ConnectionMachine.Step(step.state(), List.of(new ConnectionEffect.Release(state.reason())))
                    : step;
        }
    }

    /** Does not tell the peer of a close. */
    static final class ClosesSilently extends SmcParts {
        @Override
        public ConnectionMachine.Step connection(ConnectionState state, ConnectionEvent event, long nowNanos) {
            ConnectionMachine.Step step = super.connection(state, event, nowNanos);
            return new ConnectionMachine.Step(
                    step.state(),
                    step.effects().stream()
                            .filter(e -> !(e instanceof ConnectionEffect.SendStateFlags))
                            .toList());
        }
    }

    private static boolean has(Step step, Class<? extends GroupEffect> kind) {
        return step.effects().stream().anyMatch(kind::isInstance);
    }

    private static List<GroupEffect> with(List<GroupEffect> effects, GroupEffect more) {
        List<GroupEffect> all = new ArrayList<>(effects);
        all.add(more);
        return all;
    }

    private static Step without(Step step, Predicate<GroupEffect> unwanted) {
        return new Step(
                step.state(), step.effects().stream().filter(unwanted.negate()).toList());
    }

    private static LinkGroupState changed(
            LinkGroupState s, SortedMap<Integer, LinkEntry> links, Optional<GroupEvent.AddLinkRequest> delayed) {
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
                links,
                s.connections(),
                s.flow(),
                s.waiting(),
                delayed,
                s.nextId(),
                s.nextIncarnation(),
                s.idleEpoch(),
                s.escalated(),
                s.quarantine());
    }
}
