package io.smc4j.actors.group;

import io.smc4j.actors.node.ActorKind;
import io.smc4j.actors.node.NodeContext;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.rdma.IsmGid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * Knows the link groups of a node, matches connections to them and creates new ones.
 *
 * <p>At most one group is being created per peer and role; who comes meanwhile waits for it, and nobody else does. Roles
 * are apart, so two hosts that connect to each other at once never wait for each other. Nothing is held across a wait for
 * the network: a waiting handshake is an entry in a list.
 */
public final class LinkGroupRegistry extends AbstractBehavior<LinkGroupRegistry.Command> {
    /** What the registry is told. */
    public sealed interface Command {}

    /**
     * Server: a group for a client, existing or new.
     *
     * @param limits what was agreed on, for a new group
     * @param avoid groups that refused this connection already
     */
    public record ForClient(
            GroupKey key, GroupSpec.Limits limits, Set<ActorRef<LinkGroup.Command>> avoid, ActorRef<Granted> replyTo)
            implements Command {
        public ForClient {
            avoid = Set.copyOf(avoid);
        }
    }

    /** Client: the group that ACCEPT means: a new one, or the one with a link to that queue pair (0 for SMC-D). */
    public record ForServer(
            GroupKey key, GroupSpec.Limits limits, boolean firstContact, int peerQpNumber, ActorRef<Granted> replyTo)
            implements Command {}

    /** A link group changed. */
    public record Notice(GroupNotice notice) implements Command {}

    /** A port of a device changed. */
    public record PortChanged(LocalPort port, boolean up) implements Command {}

    /** An SMC-D peer is gone. */
    public record PeerGone(IsmGid peer) implements Command {}

    /** End all groups, then stop. */
    public record Stop() implements Command {}

    /** The answer: a group, or null if there is none such. @param created whether it is new: then the asker makes first contact */
    public record Granted(@Nullable ActorRef<LinkGroup.Command> group, boolean created) {}

    /** Who asked for a group that was created for it has stopped. */
    private record AskerGone(ActorRef<Granted> asker) implements Command {}

    private static final class Entry {
        final GroupRole role;
        final GroupKey key;
        final ActorRef<Granted> creator;
        final List<ForClient> waiting = new ArrayList<>();
        boolean listed;
        boolean unlisted;
        /** May be out of date: the group itself decides. But who asks for a place need not ask all those that have none. */
        boolean full;

        long peerId;
        Set<GroupNotice.PeerPort> ports = Set.of();
        Set<Integer> qpNumbers = Set.of();
        /** Queue pairs of the peer that this group ever had a link to. */
        final Set<Integer> formerQpNumbers = new HashSet<>();

        Entry(GroupRole role, GroupKey key, ActorRef<Granted> creator) {
            this.role = role;
            this.key = key;
            this.creator = creator;
        }
    }

    private final NodeContext node;
    private final Map<ActorRef<LinkGroup.Command>, Entry> groups = new LinkedHashMap<>();
    private final int idBase = ThreadLocalRandom.current().nextInt(1 << 24) << 8;
    private int created;
    private boolean stopping;

    public static Behavior<Command> create(NodeContext node) {
        return Behaviors.setup(context -> new LinkGroupRegistry(context, node));
    }

    private LinkGroupRegistry(ActorContext<Command> context, NodeContext node) {
        super(context);
        this.node = node;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Command.class, this::onCommand)
                .onSignal(Terminated.class, this::onTerminated)
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case ForClient f -> forClient(f);
            case ForServer f -> forServer(f);
            case Notice n -> onNotice(n.notice());
            case AskerGone a ->
                groups.forEach((group, entry) -> {
                    if (a.asker().equals(entry.creator) && !entry.listed && !entry.unlisted) {
                        group.tell(new LinkGroup.CreatorGone());
                    }
                });
            case PortChanged p ->
                groups.keySet().forEach(group -> group.tell(new LinkGroup.PortChanged(p.port(), p.up())));
            case PeerGone p -> groups.keySet().forEach(group -> group.tell(new LinkGroup.PeerGone(p.peer())));
            case Stop s -> {
                stopping = true;
                groups.keySet().forEach(group -> group.tell(new LinkGroup.Terminate(TerminationCause.NODE_SHUTDOWN)));
                releaseWaiting();
            }
        }
        return stopping && groups.isEmpty() ? Behaviors.stopped() : this;
    }

    private void forClient(ForClient request) {
        if (stopping) {
            request.replyTo().tell(new Granted(null, false));
            return;
        }
        for (Map.Entry<ActorRef<LinkGroup.Command>, Entry> candidate : groups.entrySet()) {
            Entry entry = candidate.getValue();
            if (entry.role != GroupRole.SERVER
                    || entry.unlisted
                    || entry.full
                    || request.avoid().contains(candidate.getKey())) {
                continue;
            }
            if (entry.listed && matches(entry, request.key())) {
                request.replyTo().tell(new Granted(candidate.getKey(), false));
                return;
            }
            if (!entry.listed && entry.key.equals(request.key())) {
                entry.waiting.add(request);
                return;
            }
        }
        createFor(request.replyTo(), GroupRole.SERVER, request.key(), request.limits());
    }

    /** It makes first contact. If it stops before it joins, nobody else will: then the group ends, for others wait for it. */
    private void createFor(ActorRef<Granted> asker, GroupRole role, GroupKey key, GroupSpec.Limits limits) {
        ActorRef<LinkGroup.Command> group = createGroup(role, key, limits, asker);
        getContext().watchWith(asker, new AskerGone(asker)); // it may ask for several, one after the other
        asker.tell(new Granted(group, true));
    }

    private static boolean matches(Entry entry, GroupKey key) {
        return switch (key) {
            case GroupKey.Smcd d -> entry.key.equals(d);
            case GroupKey.Smcr r -> entry.key instanceof GroupKey.Smcr own && r.isFor(own, entry.peerId, entry.ports);
        };
    }

    private void forServer(ForServer request) {
        if (stopping) {
            request.replyTo().tell(new Granted(null, false));
        } else if (request.firstContact()) {
            createFor(request.replyTo(), GroupRole.CLIENT, request.key(), request.limits());
        } else {
            request.replyTo().tell(new Granted(find(request), false));
        }
    }

    /**
     * A link may fail while an ACCEPT that names it is on its way. Its group is found all the same and refuses the connection
     * alone; were the group denied, the server would take it for out of sync and end it with all its connections.
     */
    private @Nullable ActorRef<LinkGroup.Command> find(ForServer request) {
        ActorRef<LinkGroup.Command> former = null;
        for (Map.Entry<ActorRef<LinkGroup.Command>, Entry> candidate : groups.entrySet()) {
            Entry entry = candidate.getValue();
            if (entry.role != GroupRole.CLIENT || entry.unlisted) {
                continue;
            }
            boolean smcD = request.key() instanceof GroupKey.Smcd;
            if (matches(entry, request.key()) && (smcD || entry.qpNumbers.contains(request.peerQpNumber()))) {
                return candidate.getKey();
            }
            if (request.key() instanceof GroupKey.Smcr r
                    && entry.key.version().number() == r.version().number()
                    && entry.peerId == r.peerId()
                    && entry.formerQpNumbers.contains(request.peerQpNumber())) {
                former = candidate.getKey();
            }
        }
        return former;
    }

    private ActorRef<LinkGroup.Command> createGroup(
            GroupRole role, GroupKey key, GroupSpec.Limits limits, ActorRef<Granted> creator) {
        int id = idBase + (++created << 8);
        ActorRef<Command> self = getContext().getSelf();
        GroupSpec spec = new GroupSpec(node, role, id, key.version(), limits, notice -> self.tell(new Notice(notice)));
        Behavior<LinkGroup.Command> behavior = switch (key) {
            case GroupKey.Smcr r -> SmcrLinkGroup.create(spec);
            case GroupKey.Smcd d -> SmcdLinkGroup.create(spec, node.ism().orElseThrow(), d.gid());
        };
        ActorRef<LinkGroup.Command> group = getContext()
                .spawn(
                        node.actors().decorate(ActorKind.LINK_GROUP, behavior),
                        "link-group-%08x".formatted(id),
                        DispatcherSelector.sameAsParent());
        getContext().watch(group);
        groups.put(group, new Entry(role, key, creator));
        return group;
    }

    private void onNotice(GroupNotice notice) {
        Entry entry = groups.get(notice.group());
        if (entry == null) {
            return;
        }
        switch (notice) {
            case GroupNotice.Listed n -> {
                entry.listed = true;
                release(entry);
            }
            case GroupNotice.Reachable n -> {
                entry.peerId = n.peerId();
                entry.ports = n.peerPorts();
                entry.qpNumbers = n.peerQpNumbers();
                entry.formerQpNumbers.addAll(n.peerQpNumbers());
            }
            case GroupNotice.Room n -> entry.full = !n.room();
            case GroupNotice.Unlisted n -> {
                entry.unlisted = true;
                release(entry);
            }
        }
    }

    private Behavior<Command> onTerminated(Terminated terminated) {
        for (ActorRef<LinkGroup.Command> group : List.copyOf(groups.keySet())) {
            if (group.path().equals(terminated.getRef().path())) {
                Entry entry = groups.remove(group);
                if (entry != null) {
                    release(entry);
                }
            }
        }
        return stopping && groups.isEmpty() ? Behaviors.stopped() : this;
    }

    private void releaseWaiting() {
        List.copyOf(groups.values()).forEach(this::release);
    }

    /** The creation they waited for is over, one way or the other: look again. */
    private void release(Entry entry) {
        List<ForClient> waiting = List.copyOf(entry.waiting);
        entry.waiting.clear();
        waiting.forEach(this::forClient);
    }
}
