package io.smc4j.actors.node;

import io.smc4j.BindOptions;
import io.smc4j.ConnectOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.TransportPreference;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.handshake.ClientHandshake;
import io.smc4j.actors.handshake.Listener;
import io.smc4j.actors.handshake.Negotiation;
import io.smc4j.actors.handshake.Outcome;
import io.smc4j.actors.queue.Command;
import io.smc4j.actors.queue.CompletionQueueOwner;
import io.smc4j.actors.queue.DeviceContext;
import io.smc4j.actors.queue.DeviceListener;
import io.smc4j.actors.queue.IsmCommand;
import io.smc4j.actors.queue.IsmOwner;
import io.smc4j.actors.queue.Reaper;
import io.smc4j.actors.tcp.ClcStream;
import io.smc4j.actors.tcp.EphemeralPorts;
import io.smc4j.actors.tcp.TcpReadiness;
import io.smc4j.config.SmcSettings;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.PortControl;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.rendezvous.ListenerRecord;
import io.smc4j.rdma.rendezvous.ListenerRecords;
import io.smc4j.rdma.shm.SharedNode;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorPath;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The actor above all others of a node: opens the devices, starts their owners and the registry, and starts a listener or a
 * handshake for whoever asks. It stops from the leaves to the root: listeners and handshakes, link groups, owners, devices.
 */
public final class SmcNode extends AbstractBehavior<SmcNode.Request> {
    /** What a node is told. */
    public sealed interface Request {}

    /**
     * Open a connection.
     *
     * @param onlyWaits nothing hangs on the result: a thread waits for it, and nobody else knows it
     */
    public record Connect(
            InetSocketAddress remote, ConnectOptions options, CompletableFuture<SmcChannel> result, boolean onlyWaits)
            implements Request {}

    /** Listen. */
    public record Listen(InetSocketAddress local, BindOptions options, CompletableFuture<SmcServerChannel> result)
            implements Request {}

    /** Answers with the handle by which ports of the first software device can be taken down, if there is one. */
    public record AskPortControl(CompletableFuture<Optional<PortControl>> result) implements Request {}

    /** Stop everything; {@code done} completes when nothing is left. */
    public record Stop(CompletableFuture<Done> done) implements Request {}

    private record Opened(
            @Nullable Devices devices, @Nullable Throwable failure) implements Request {}

    private record PortEvent(LocalPort port, boolean up) implements Request {}

    private record PeerGone(LinkGroupRegistry.PeerGone what) implements Request {}

    private record BoundSocket(Listener.Bound bound, Listen request) implements Request {}

    private record Ignore() implements Request {}

    /** Somebody waits for the outcome of a handshake. */
    private record Attempt(ClcStream stream, Connect request, AtomicBoolean answered) {}

    private static final int STASH = 100_000;

    private final SmcSettings settings;
    private final NodeSeams seams;
    private final NodeContext node;
    private final Negotiation negotiation;
    private final Optional<SharedNode> shared;
    private final Optional<ListenerRecords> records;
    private final OptionSupport option;
    private final TcpReadiness readiness = TcpReadiness.here();
    private final ActorRef<LinkGroupRegistry.Command> registry;
    private final List<CompletionQueueOwner.Spawned> rdmaOwners = new ArrayList<>();
    private final Set<ActorRef<?>> outer = new HashSet<>();
    private final Map<ActorPath, Attempt> attempts = new HashMap<>();
    private final Set<ActorRef<?>> owners = new HashSet<>();
    private final List<CompletableFuture<Done>> stopRequests = new ArrayList<>();
    private final ActorRef<Reaper.Command> reaper;
    private boolean registryGone;
    private boolean reaperGone;
    private IsmOwner.@Nullable Spawned ismOwner;

    /**
     * @param settings the checked configuration
     * @param blocking where calls run that may sleep in the kernel
     * @param seams what tests put there
     */
    public static Behavior<Request> create(SmcSettings settings, Executor blocking, NodeSeams seams) {
        Behavior<Request> behavior = Behaviors.setup(context -> Behaviors.withStash(STASH, stash -> {
            context.pipeToSelf(
                    CompletableFuture.supplyAsync(() -> Devices.open(settings, seams.devices()), blocking),
                    Opened::new);
            return opening(settings, blocking, seams, stash);
        }));
        return seams.actors().decorate(ActorKind.NODE, behavior);
    }

    /** Until the devices are open, requests wait. */
    private static Behavior<Request> opening(
            SmcSettings settings, Executor blocking, NodeSeams seams, StashBuffer<Request> stash) {
        return Behaviors.receive(Request.class)
                .onMessage(Opened.class, opened -> {
                    Devices devices = opened.devices();
                    if (devices == null) {
                        throw new IllegalStateException("opening the devices failed", opened.failure());
                    }
                    return Behaviors.setup(
                            context -> stash.unstashAll(new SmcNode(context, settings, blocking, seams, devices)));
                })
                .onAnyMessage(request -> {
                    stash.stash(request);
                    return Behaviors.same();
                })
                .build();
    }

    private SmcNode(
            ActorContext<Request> context, SmcSettings settings, Executor blocking, NodeSeams seams, Devices devices) {
        super(context);
        this.seams = seams;
        this.settings = settings;
        this.shared = devices.rendezvous();
        this.records = shared.map(node -> new ListenerRecords(node, seams.clock()));
        devices.troubles().forEach(trouble -> context.getLog().warn(trouble));
        List<RdmaContext> rdma = new ArrayList<>();
        for (DeviceContext device : devices.rdma()) {
            rdma.add(startOwner(device));
        }
        Optional<IsmContext> ism = devices.ism().map(this::startOwner);
        this.reaper = context.spawn(
                seams.actors().decorate(ActorKind.REAPER, Reaper.create(blocking)),
                "reaper",
                DispatcherSelector.sameAsParent());
        context.watch(reaper);
        this.node = new NodeContext(
                settings,
                Identities.of(settings, rdma),
                rdma,
                ism,
                new MemoryBudget(settings.linkGroup().maxMemory()),
                Waiting.of(settings.idle()),
                blocking,
                seams.clock(),
                seams.actors(),
                new AtomicInteger(),
                reaper);
        this.option = devices.option();
        this.negotiation = switch (settings.negotiation().strategy()) {
            case EXPLICIT -> new Negotiation.Explicit();
            case TCP_OPTION ->
                option.isUsable() ? new Negotiation.TcpOption() : new Negotiation.Impossible(option.trouble());
            case RENDEZVOUS ->
                records.<Negotiation>map(found ->
                                new Negotiation.Rendezvous(found, EphemeralPorts.ofThisHost(new Random()), blocking))
                        .orElseGet(() -> new Negotiation.Impossible(
                                "shared memory cannot be used on this host, so no listener's record can be found"));
        };
        this.registry = context.spawn(
                seams.actors().decorate(ActorKind.REGISTRY, LinkGroupRegistry.create(node)),
                "link-groups",
                DispatcherSelector.sameAsParent());
        context.watch(registry);
    }

    private RdmaContext startOwner(DeviceContext device) {
        ActorRef<Request> self = getContext().getSelf();
        String name = device.device().name();
        DeviceListener listener = new DeviceListener() {
            @Override
            public void portDown(int port) {
                self.tell(new PortEvent(new LocalPort(name, port), false));
            }

            @Override
            public void portUp(int port) {
                self.tell(new PortEvent(new LocalPort(name, port), true));
            }

            @Override
            public void deviceFatal(String reason) {
                for (var port : device.device().ports()) {
                    portDown(port.number());
                }
            }
        };
        CompletionQueueOwner.Spawned spawned = CompletionQueueOwner.spawn(
                getContext(),
                "completion-queue-" + name,
                DispatcherSelector.fromConfig(SmcSettings.COMPLETION_QUEUE_DISPATCHER),
                device,
                Waiting.owner(settings.idle()),
                listener,
                seams.clock(),
                behavior -> seams.actors().decorate(ActorKind.COMPLETION_QUEUE_OWNER, behavior));
        getContext().watch(spawned.ref());
        rdmaOwners.add(spawned);
        owners.add(spawned.ref());
        return new RdmaContext(device, spawned.handle());
    }

    private IsmContext startOwner(IsmDevice device) {
        ActorRef<Request> self = getContext().getSelf();
        IsmOwner.Spawned spawned = IsmOwner.spawn(
                getContext(),
                "ism",
                DispatcherSelector.fromConfig(SmcSettings.COMPLETION_QUEUE_DISPATCHER),
                device,
                Waiting.owner(settings.idle()),
                (peer, reason) -> self.tell(new PeerGone(new LinkGroupRegistry.PeerGone(peer))),
                seams.clock(),
                behavior -> seams.actors().decorate(ActorKind.ISM_OWNER, behavior));
        getContext().watch(spawned.ref());
        ismOwner = spawned;
        owners.add(spawned.ref());
        return new IsmContext(device, spawned.handle());
    }

    @Override
    public Receive<Request> createReceive() {
        return newReceiveBuilder()
                .onMessage(Request.class, this::onRequest)
                .onSignal(Terminated.class, this::onTerminated)
                .build();
    }

    private Behavior<Request> onRequest(Request request) {
        switch (request) {
            case Connect c -> connect(c);
            case Listen l -> listen(l);
            case BoundSocket b -> startListener(b.bound(), b.request());
            case PortEvent e -> {
                getContext()
                        .getLog()
                        .info("port {} of {} is {}", e.port().port(), e.port().device(), e.up() ? "up" : "down");
                registry.tell(new LinkGroupRegistry.PortChanged(e.port(), e.up()));
            }
            case PeerGone p -> registry.tell(p.what());
            case AskPortControl a -> a.result().complete(portControl());
            case Stop s -> {
                stopRequests.add(s.done());
                stopOuter();
            }
            case Opened o -> {}
            case Ignore i -> {}
        }
        return this;
    }

    private Optional<PortControl> portControl() {
        return node.rdma().stream()
                .map(RdmaContext::rdma)
                .filter(PortControl.class::isInstance)
                .map(PortControl.class::cast)
                .findFirst();
    }

    private boolean stopping() {
        return !stopRequests.isEmpty();
    }

    private static SmcException stopped() {
        return new SmcException(SmcException.Category.CONFIGURATION, "this SMC node was shut down");
    }

    // ---- connecting and listening ----

    private void connect(Connect request) {
        if (stopping()) {
            answer(request, new Outcome.Failed(stopped()));
            return;
        }
        try {
            ClcStream stream = ClcStream.open(readiness);
            AtomicBoolean answered = new AtomicBoolean();
            ActorRef<?> handshake = getContext()
                    .spawnAnonymous(
                            seams.actors()
                                    .decorate(
                                            ActorKind.CLIENT_HANDSHAKE,
                                            ClientHandshake.create(
                                                    new ClientHandshake.Spec(
                                                            node,
                                                            registry,
                                                            readiness,
                                                            negotiation,
                                                            request.remote(),
                                                            request.options()),
                                                    stream,
                                                    outcome -> {
                                                        answered.set(true);
                                                        answer(request, outcome);
                                                    })),
                            DispatcherSelector.sameAsParent());
            getContext().watch(handshake);
            outer.add(handshake);
            attempts.put(handshake.path(), new Attempt(stream, request, answered));
        } catch (SmcException e) {
            answer(request, new Outcome.Failed(e));
        }
    }

    /** A handshake that fails as it starts has no PostStop that could answer. */
    private void attemptOver(ActorPath handshake) {
        Attempt attempt = attempts.remove(handshake);
        if (attempt != null && !attempt.answered().get()) {
            attempt.stream().reset();
            answer(
                    attempt.request(),
                    new Outcome.Failed(new SmcException(
                            SmcException.Category.RETRY,
                            "connecting to " + attempt.request().remote() + ": its handshake failed")));
        }
    }

    /** Off the actor's thread: what the application hangs on the result must not run in a turn of ours. */
    private void answer(Connect request, Outcome outcome) {
        if (request.onlyWaits()) {
            complete(request.result(), outcome);
        } else {
            node.blocking().execute(() -> complete(request.result(), outcome));
        }
    }

    private static void complete(CompletableFuture<SmcChannel> result, Outcome outcome) {
        switch (outcome) {
            case Outcome.Ready ready -> {
                if (!result.complete(ready.channel())) {
                    ready.channel().abort(); // cancelled meanwhile
                }
            }
            case Outcome.Failed failed -> result.completeExceptionally(failed.reason());
        }
    }

    private void listen(Listen request) {
        if (stopping()) {
            request.result().completeExceptionally(stopped());
            return;
        }
        boolean publish = negotiation instanceof Negotiation.Rendezvous
                && request.options().transport() != TransportPreference.TCP;
        Listener.RecordPublisher publisher = publish ? this::publish : null;
        boolean answersOption = negotiation instanceof Negotiation.TcpOption
                && request.options().transport() != TransportPreference.TCP;
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return Listener.bind(
                                                request.local(),
                                                request.options().backlog(),
                                                publisher,
                                                answersOption);
                                    } catch (SmcException e) {
                                        throw new CompletionException(e);
                                    }
                                },
                                node.blocking()),
                        (bound, failure) -> {
                            if (bound == null) {
                                request.result()
                                        .completeExceptionally(
                                                failure instanceof CompletionException && failure.getCause() != null
                                                        ? failure.getCause()
                                                        : failure);
                                return new Ignore();
                            }
                            return new BoundSocket(bound, request);
                        });
    }

    private @Nullable ListenerRecord publish(InetSocketAddress local) {
        try {
            return ListenerRecord.publish(shared.orElseThrow().directory(), local);
        } catch (RdmaException e) {
            getContext()
                    .getLog()
                    .warn("clients cannot find the listener on {} by rendezvous: {}", local, e.getMessage());
            return null;
        }
    }

    private void startListener(Listener.Bound bound, Listen request) {
        ActorRef<Listener.Command> listener = getContext()
                .spawnAnonymous(
                        seams.actors()
                                .decorate(
                                        ActorKind.LISTENER,
                                        Listener.create(
                                                new Listener.Spec(node, registry, readiness, request.options()),
                                                bound,
                                                request.result())),
                        DispatcherSelector.sameAsParent());
        getContext().watch(listener);
        outer.add(listener);
        if (stopping()) {
            listener.tell(new Listener.Close());
        }
    }

    // ---- stopping, from the leaves to the root ----

    private void stopOuter() {
        outer.forEach(getContext()::stop);
        if (outer.isEmpty()) {
            registry.tell(new LinkGroupRegistry.Stop());
        }
    }

    private Behavior<Request> onTerminated(Terminated terminated) {
        ActorRef<Void> gone = terminated.getRef();
        outer.removeIf(ref -> ref.path().equals(gone.path()));
        attemptOver(gone.path());
        boolean owner = owners.removeIf(ref -> ref.path().equals(gone.path()));
        registryGone |= registry.path().equals(gone.path());
        reaperGone |= reaper.path().equals(gone.path());
        if (!stopping()) {
            if (owner || registryGone || reaperGone) {
                getContext()
                        .getLog()
                        .error(
                                "{} ended unexpectedly: this SMC node cannot go on",
                                gone.path().name());
                throw new IllegalStateException(gone.path().name() + " ended unexpectedly");
            }
            return this;
        }
        if (!registryGone) {
            if (outer.isEmpty()) {
                registry.tell(new LinkGroupRegistry.Stop());
            }
            return this;
        }
        if (!reaperGone) {
            reaper.tell(new Reaper.Stop());
            return this;
        }
        if (!owners.isEmpty()) {
            if (owner) {
                return this; // they were told already
            }
            rdmaOwners.forEach(spawned -> spawned.handle().tell(new Command.Stop()));
            if (ismOwner != null) {
                ismOwner.handle().tell(new IsmCommand.Stop());
            }
            return this;
        }
        readiness.close();
        records.ifPresent(ListenerRecords::close);
        shared.ifPresent(SharedNode::close);
        option.close();
        stopRequests.forEach(done -> done.complete(Done.getInstance()));
        return Behaviors.stopped();
    }
}
