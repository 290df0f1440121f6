package io.smc4j.actors.group;

import io.smc4j.LinkGroupInfo;
import io.smc4j.Transport;
import io.smc4j.actors.connection.Connection;
import io.smc4j.actors.connection.ConnectionEnd;
import io.smc4j.actors.connection.Connections;
import io.smc4j.actors.link.LinkReport;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.actors.node.NodeContext;
import io.smc4j.actors.queue.Reaper;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.clc.SmcdEndpoint;
import io.smc4j.protocol.clc.SmcrEndpoint;
import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.lifecycle.group.GroupEffect;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.JoinRefusal;
import io.smc4j.protocol.lifecycle.group.LinkGroupMachine;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.protocol.lifecycle.group.Step;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.rdma.IsmGid;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What SMC-R and SMC-D link groups have in common: they feed the {@link LinkGroupMachine}, carry out its effects, own the
 * connections, and free everything in the end, children first.
 *
 * <p>Memory goes back in {@link #freeEverything}, which runs once, after the machine said {@link GroupEffect.Free}: by then
 * every child has stopped, or was given up and its memory is quarantined.
 */
public abstract class LinkGroup extends AbstractBehavior<LinkGroup.Command> {
    /** What a link group is told. */
    public sealed interface Command {}

    /** A handshake asks for a place. Answered by Offered or Refused, then Connected or Failed. */
    public record Join(JoinRequest request, ActorRef<JoinReply> replyTo) implements Command {}

    /** Server, SMC-R: CONFIRM told the client's end. */
    public record PeerSmcr(long connection, SmcrEndpoint peer) implements Command {}

    /** Server, SMC-D: CONFIRM told the client's end. */
    public record PeerSmcd(long connection, SmcdEndpoint peer, IsmGid gid) implements Command {}

    /** Client: CONFIRM was sent. */
    public record ConfirmSent(long connection) implements Command {}

    /** The handshake of a connection that was offered ended without success. */
    public record HandshakeOver(long connection, String why) implements Command {}

    /** Whom the group was created for has stopped. */
    record CreatorGone() implements Command {}

    /** End the group. */
    public record Terminate(TerminationCause cause) implements Command {}

    /** A port of a device of ours changed. */
    public record PortChanged(LocalPort port, boolean up) implements Command {}

    /** SMC-D: the peer's device is gone. */
    public record PeerGone(IsmGid peer) implements Command {}

    /** A link reports. */
    record FromLink(LinkReport report) implements Command {}

    /** A connection is about to stop. */
    record FromConnection(ConnectionEnd end) implements Command {}

    /** A deadline of the machine. */
    record Deadline(GroupEvent event) implements Command {}

    /** Work that ran elsewhere is back. */
    record Back(Runnable continuation) implements Command {}

    private record FormingTooLong() implements Command {}

    /** All memory is freed: the last message of a group's life. */
    private record Freed(@Nullable Throwable failure) implements Command {}

    private static final Duration LONGEST_FORMING = Duration.ofSeconds(20);

    protected final NodeContext node;
    protected final GroupSpec spec;
    protected final TimerScheduler<Command> timers;
    protected final AtomicReference<LinkGroupInfo> published;
    protected LinkGroupState state;
    private final Map<Long, ActorRef<Connection.Command>> connections = new HashMap<>();
    private final Map<Long, ConnectionEnd> ends = new HashMap<>();
    /** Connections whose owners have stopped, and whose endpoints have not been let go yet. */
    private final Set<Long> orphans = new HashSet<>();

    private final Map<Long, ActorRef<JoinReply>> handshakes = new HashMap<>();
    private final Deque<GroupEvent> events = new ArrayDeque<>();
    private boolean feeding;
    private boolean full;
    private boolean freed;
    private long lastConnection;

    LinkGroup(ActorContext<Command> context, TimerScheduler<Command> timers, GroupSpec spec, LinkGroupState initial) {
        super(context);
        this.timers = timers;
        this.spec = spec;
        this.node = spec.node();
        this.state = initial;
        this.published = new AtomicReference<>(describe());
        timers.startSingleTimer(new FormingTooLong(), LONGEST_FORMING);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Command.class, this::onCommand)
                .onSignal(ChildFailed.class, failed -> {
                    getContext().getLog().error("a child of link group {} failed", id(), failed.cause());
                    return onChildGone(failed.getRef());
                })
                .onSignal(Terminated.class, terminated -> onGone(terminated.getRef()))
                .onSignal(PostStop.class, stop -> onPostStop())
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Join j -> onJoin(j);
            case PeerSmcr p -> onPeerSmcr(p);
            case PeerSmcd p -> onPeerSmcd(p);
            case ConfirmSent c -> onConfirmSent(c.connection());
            case HandshakeOver h -> onHandshakeOver(h);
            case CreatorGone c -> {
                if (lastConnection == 0) { // it never joined, and others wait for the first contact it was to make
                    feed(new GroupEvent.Terminate(TerminationCause.FIRST_CONTACT_FAILED));
                }
            }
            case Terminate t -> feed(new GroupEvent.Terminate(t.cause()));
            case PortChanged p -> onPortChanged(p);
            case PeerGone p -> onPeerGone(p.peer());
            case FromLink f -> onLinkReport(f.report());
            case FromConnection f -> ends.put(f.end().connection(), f.end());
            case Deadline d -> feed(d.event());
            case Back b -> b.continuation().run();
            case Freed f -> {
                if (f.failure() != null) {
                    getContext().getLog().error("link group {} could not free all its memory", id(), f.failure());
                }
                return Behaviors.stopped();
            }
            case FormingTooLong f -> {
                if (state.phase() == GroupPhase.FORMING) {
                    feed(new GroupEvent.Terminate(TerminationCause.FIRST_CONTACT_FAILED));
                }
            }
        }
        return this;
    }

    // ---- what the two kinds do differently ----

    /** A join was asked for: begin, and in the end {@link #offered} or {@link #refuse}. */
    abstract void begin(long connection, JoinRequest request);

    /** The machine made it a member, on a link. */
    abstract void onJoined(long connection, int link);

    abstract void onPeerSmcr(PeerSmcr peer);

    abstract void onPeerSmcd(PeerSmcd peer);

    abstract void onConfirmSent(long connection);

    abstract void onPortChanged(PortChanged change);

    abstract void onPeerGone(IsmGid peer);

    abstract void onLinkReport(LinkReport report);

    /** First contact is complete. */
    abstract void onEstablished();

    /** Effects about links and LLC. */
    abstract void carryOutOnLinks(GroupEffect effect);

    /** The connection's owner has stopped. @param quiet whether its buffers can be touched by nobody from this side */
    abstract void releaseBuffers(long connection, boolean quiet);

    /**
     * The connection's actor ended without having its endpoint detached: has that done, then {@link #onEndpointDetached}.
     *
     * @return false if nobody serves an endpoint of it
     */
    abstract boolean detachInItsPlace(long connection);

    /** A child that is no connection has stopped. */
    abstract void onOtherChildGone(ActorRef<Void> child);

    /** Stop what is left of the links without waiting for anybody. */
    abstract void escalateLinks();

    /** The group's actor failed: leave the endpoints of its connections to the reaper. */
    abstract void buryEndpoints();

    /** Free all memory. @param quarantine whether something may still touch it: then keep it out of use instead */
    abstract CompletionStage<?> freeEverything(boolean quarantine);

    abstract LinkGroupInfo describe();

    // ---- joining ----

    private void onJoin(Join join) {
        if (state.phase() == GroupPhase.FREED) {
            // The registry named this group before it heard of the end; the machine answers nothing any more.
            join.replyTo()
                    .tell(new JoinReply.Refused(DiagnosisCode.NOACTLINK, "link group " + id() + " has ended", true));
            return;
        }
        long connection = ++lastConnection;
        handshakes.put(connection, join.replyTo());
        getContext().watch(join.replyTo()); // a handshake may end before it knows which connection it was offered
        begin(connection, join.request());
    }

    /** Makes the connection's actor: it exists from membership to the end, whatever the handshake does. */
    ActorRef<Connection.Command> spawnConnection(long connection, JoinRequest request, Transport transport) {
        ActorRef<Command> self = getContext().getSelf();
        ActorRef<Connection.Command> child = getContext()
                .spawn(
                        node.actors()
                                .decorate(
                                        ActorKind.CONNECTION,
                                        Connections.behavior(
                                                node,
                                                connection,
                                                transport,
                                                request.addresses().local(),
                                                request.addresses().remote(),
                                                published::get,
                                                end -> self.tell(new FromConnection(end)))),
                        "connection-" + connection,
                        DispatcherSelector.sameAsParent());
        getContext().watch(child);
        connections.put(connection, child);
        return child;
    }

    @Nullable
    ActorRef<Connection.Command> connection(long connection) {
        return connections.get(connection);
    }

    void offered(long connection, LocalOffer offer) {
        ActorRef<JoinReply> handshake = handshakes.get(connection);
        if (handshake != null) {
            handshake.tell(new JoinReply.Offered(connection, offer));
        }
    }

    void connected(long connection) {
        ActorRef<JoinReply> handshake = handshakes.remove(connection);
        ActorRef<Connection.Command> child = connections.get(connection);
        if (handshake != null && child != null) {
            handshake.tell(new JoinReply.Connected(child));
        }
    }

    /** No place for it, or no success: the handshake is told, and what there is of the connection ends. */
    void refuse(long connection, DiagnosisCode reason, String detail, boolean tryAnother) {
        ActorRef<JoinReply> handshake = handshakes.remove(connection);
        if (handshake != null) {
            handshake.tell(new JoinReply.Refused(reason, detail, tryAnother));
        }
        abandon(connection);
    }

    void fail(long connection, DiagnosisCode reason, String detail) {
        ActorRef<JoinReply> handshake = handshakes.remove(connection);
        if (handshake != null) {
            handshake.tell(new JoinReply.Failed(reason, detail));
        }
        abandon(connection);
    }

    /** Whether a handshake still waits for the connection. */
    boolean waiting(long connection) {
        return handshakes.containsKey(connection);
    }

    private void abandon(long connection) {
        ActorRef<Connection.Command> child = connections.get(connection);
        if (child != null) {
            child.tell(new Connection.HandshakeFailed());
        } else if (!orphans.contains(connection)) {
            releaseBuffers(connection, true);
            feed(new GroupEvent.Left(connection));
        }
    }

    private void onHandshakeOver(HandshakeOver over) {
        if (handshakes.remove(over.connection()) == null) {
            // Told already that it is connected, and failed before it could activate the connection: one that is active
            // ignores this.
            ActorRef<Connection.Command> child = connections.get(over.connection());
            if (child != null) {
                child.tell(new Connection.HandshakeFailed());
            }
            return;
        }
        abandon(over.connection());
        if (state.phase() == GroupPhase.FORMING) {
            feed(new GroupEvent.Terminate(TerminationCause.FIRST_CONTACT_FAILED));
        }
    }

    // ---- the machine ----

    /** Feeds an event; events that effects cause are fed after it, in order. */
    void feed(GroupEvent event) {
        events.add(event);
        if (feeding) {
            return;
        }
        feeding = true;
        try {
            for (GroupEvent next = events.poll(); next != null; next = events.poll()) {
                Step step = LinkGroupMachine.step(state, next);
                state = step.state();
                step.effects().forEach(this::carryOut);
            }
        } finally {
            feeding = false;
        }
        tellRoom();
        published.set(describe());
    }

    private void tellRoom() {
        boolean fullNow = state.connections().size() >= state.maxConnections();
        if (fullNow != full) {
            full = fullNow;
            spec.registry().accept(new GroupNotice.Room(getContext().getSelf(), !full));
        }
    }

    private void carryOut(GroupEffect effect) {
        switch (effect) {
            case GroupEffect.Joined e -> onJoined(e.connection(), e.link());
            case GroupEffect.JoinRefused e -> onJoinRefused(e);
            case GroupEffect.Established e -> {
                spec.registry().accept(new GroupNotice.Listed(getContext().getSelf()));
                onEstablished();
            }
            case GroupEffect.FirstContactFailed e -> failHandshakes(e.timedOut());
            case GroupEffect.ArmFlowDeadline e -> arm(new GroupEvent.FlowDeadline(e.flow()), e.after());
            case GroupEffect.ArmRequestDeadline e -> arm(new GroupEvent.RequestDeadline(e.request()), e.after());
            case GroupEffect.ArmIdleDeadline e ->
                timers.startSingleTimer("idle", new Deadline(new GroupEvent.IdleDeadline(e.epoch())), e.after());
            case GroupEffect.ArmStepDeadline e ->
                timers.startSingleTimer("step", new Deadline(new GroupEvent.StepDeadline(e.step())), e.after());
            case GroupEffect.Unlist e -> {
                getContext()
                        .getLog()
                        .info("link group {} ends: {}", id(), e.cause().text());
                spec.registry().accept(new GroupNotice.Unlisted(getContext().getSelf(), e.cause()));
            }
            case GroupEffect.KillConnections e -> killConnections(e.cause());
            case GroupEffect.Escalate e -> escalate(e.step());
            case GroupEffect.Free e -> {
                freed = true;
                getContext().pipeToSelf(freeEverything(e.quarantine()), (count, failure) -> new Freed(failure));
            }
            default -> carryOutOnLinks(effect);
        }
    }

    /** The latest flow's and request's deadlines share a key each with nothing: a stale one is told apart by its id. */
    private void arm(GroupEvent event, Duration after) {
        timers.startSingleTimer(event, new Deadline(event), after);
    }

    private void onJoinRefused(GroupEffect.JoinRefused refused) {
        DiagnosisCode code = refused.why() == JoinRefusal.NO_LINK ? DiagnosisCode.NOACTLINK : DiagnosisCode.MEM;
        String detail = switch (refused.why()) {
            case NOT_LISTED -> "link group " + id() + " is not established or is ending";
            case FULL -> "link group " + id() + " has " + state.maxConnections() + " connections already";
            case NO_LINK -> "link group " + id() + " has no active link for it";
        };
        ActorRef<JoinReply> handshake = handshakes.remove(refused.connection());
        if (handshake != null) {
            handshake.tell(new JoinReply.Refused(code, detail, refused.why() != JoinRefusal.NO_LINK));
        }
        releaseBuffers(refused.connection(), true);
    }

    private void failHandshakes(boolean timedOut) {
        DiagnosisCode code = timedOut ? DiagnosisCode.TIMEOUT_CL : DiagnosisCode.ERR_RDYLNK;
        String detail = timedOut
                ? "CONFIRM LINK did not arrive in time"
                : "link group " + id() + " ended before first contact was complete";
        for (long connection : new ArrayList<>(handshakes.keySet())) {
            fail(connection, code, detail);
        }
    }

    private void killConnections(TerminationCause cause) {
        for (long connection : new ArrayList<>(handshakes.keySet())) {
            fail(connection, DiagnosisCode.NOACTLINK, "link group " + id() + " ends: " + cause.text());
        }
        AbortCause abort = switch (cause) {
            case LINKS_LOST -> AbortCause.LINKS_LOST;
            case PROTOCOL_VIOLATION -> AbortCause.PROTOCOL_VIOLATION;
            case PEER_GONE -> AbortCause.PEER_GONE;
            case IDLE,
                    PEER_DELETED_ALL,
                    OUT_OF_SYNC,
                    FIRST_CONTACT_FAILED,
                    DEVICE_REMOVED,
                    NODE_SHUTDOWN,
                    OWNER_FAILED -> AbortCause.LINK_GROUP_TERMINATING;
        };
        List.copyOf(connections.values())
                .forEach(child -> child.tell(new Connection.Kill(abort, cause.text() + lastTrouble())));
    }

    /** More about the cause, for messages: what the last failed link said. */
    String lastTrouble() {
        return "";
    }

    private void escalate(GroupPhase step) {
        getContext()
                .getLog()
                .warn(
                        "link group {}: {} took longer than {}, stopping what is left",
                        id(),
                        step,
                        node.settings().linkGroup().terminationDeadline());
        switch (step) {
            case ENDING_CONNECTIONS -> {
                List.copyOf(connections.values()).forEach(getContext()::stop);
                List.copyOf(orphans).forEach(orphan -> onEndpointDetached(orphan, false));
            }
            case CLEARING_LINKS -> escalateLinks();
            case NOTIFYING_PEER, FORMING, LISTED, FREED -> {}
        }
    }

    // ---- children, and handshakes that wait ----

    private Behavior<Command> onGone(ActorRef<Void> who) {
        for (Map.Entry<Long, ActorRef<JoinReply>> entry : handshakes.entrySet()) {
            if (entry.getValue().path().equals(who.path())) {
                onHandshakeOver(new HandshakeOver(entry.getKey(), "its handshake has stopped"));
                return this;
            }
        }
        return onChildGone(who);
    }

    private Behavior<Command> onChildGone(ActorRef<Void> child) {
        for (Map.Entry<Long, ActorRef<Connection.Command>> entry : connections.entrySet()) {
            if (entry.getValue().path().equals(child.path())) {
                long connection = entry.getKey();
                connections.remove(connection);
                onConnectionGone(connection);
                return this;
            }
        }
        onOtherChildGone(child);
        return this;
    }

    private void onConnectionGone(long connection) {
        ActorRef<JoinReply> handshake = handshakes.remove(connection);
        if (handshake != null) {
            handshake.tell(new JoinReply.Failed(DiagnosisCode.INTERR, "its connection ended during the handshake"));
        }
        ConnectionEnd end = ends.remove(connection);
        boolean detached = end != null && end.endpoint();
        if (detached || !detachInItsPlace(connection)) {
            connectionOver(connection, end == null || end.quiet());
        } else if (state.phase().terminating()) {
            connectionOver(connection, false); // its deadlines wait for nobody
        } else {
            orphans.add(connection);
        }
    }

    /** The owner of the queue has let go of the endpoint of a connection whose actor failed. */
    void onEndpointDetached(long connection, boolean quiet) {
        if (orphans.remove(connection)) {
            connectionOver(connection, quiet);
        }
    }

    /** Nothing is left of the connection but its buffers. */
    private void connectionOver(long connection, boolean quiet) {
        releaseBuffers(connection, quiet);
        feed(new GroupEvent.Left(connection));
    }

    private Behavior<Command> onPostStop() {
        if (!freed) { // failed, or stopped from above: children have stopped before this signal
            freed = true;
            spec.registry().accept(new GroupNotice.Unlisted(getContext().getSelf(), TerminationCause.OWNER_FAILED));
            handshakes
                    .values()
                    .forEach(h -> h.tell(new JoinReply.Failed(DiagnosisCode.INTERR, "link group " + id() + " failed")));
            // Its connections' and links' actors have stopped, but not in order: the reaper ends what they had, then
            // frees the memory.
            buryEndpoints();
            node.reaper().tell(new Reaper.FreeMemory(spec.id(), this::freeEverything));
        }
        return this;
    }

    // ---- help ----

    Logger log() {
        return getContext().getLog();
    }

    String id() {
        return HexFormat.of().toHexDigits(spec.id());
    }

    /** Runs a call that may sleep, elsewhere; its outcome comes back into this actor's turn. */
    <T> void blocking(Callable<T> call, Function<T, Runnable> then, Function<String, Runnable> failed) {
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return call.call();
                                    } catch (Exception e) {
                                        throw new CompletionException(e);
                                    }
                                },
                                node.blocking()),
                        (value, failure) ->
                                new Back(failure == null ? then.apply(value) : failed.apply(text(failure))));
    }

    private static String text(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }
}
