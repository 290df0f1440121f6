package io.smc4j;

import io.smc4j.actors.node.NodeSeams;
import io.smc4j.actors.node.SmcNode;
import io.smc4j.actors.stream.StreamSettings;
import io.smc4j.actors.stream.StreamsApi;
import io.smc4j.config.IdleSettings;
import io.smc4j.config.SettingsException;
import io.smc4j.config.SmcSettings;
import io.smc4j.rdma.PortControl;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Shared Memory Communications for an actor system: the entry to everything else.
 *
 * <p>One node per actor system, started with the first {@link #get} and stopped with the system (coordinated shutdown, before
 * the actors stop) or by {@link #shutdown}. Thread-safe.
 */
public final class Smc implements Extension {
    private static final Id ID = new Id();

    private final SmcSettings settings;
    private final ActorRef<SmcNode.Request> node;
    private final CompletableFuture<Done> stopped = new CompletableFuture<>();
    private final Set<CompletableFuture<?>> requests = ConcurrentHashMap.newKeySet();

    /** The key under which the actor system keeps the extension. */
    public static final class Id extends ExtensionId<Smc> {
        private Id() {}

        @Override
        public Smc createExtension(ActorSystem<?> system) {
            return new Smc(system);
        }
    }

    private Smc(ActorSystem<?> system) {
        this.settings = settings(system);
        var blocking = system.dispatchers().lookup(DispatcherSelector.fromConfig(SmcSettings.BLOCKING_DISPATCHER));
        this.node = system.systemActorOf(
                SmcNode.create(settings, blocking, NodeSeams.of(system)),
                "smc4j",
                DispatcherSelector.fromConfig(SmcSettings.CONTROL_DISPATCHER));
        stopped.whenComplete((done, failure) -> failPending());
        CoordinatedShutdown.get(Adapter.toClassic(system))
                .addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "smc4j-stop", this::shutdown);
    }

    private static SmcSettings settings(ActorSystem<?> system) {
        try {
            return SmcSettings.from(system.settings().config());
        } catch (SettingsException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * The SMC node of an actor system.
     *
     * @throws IllegalArgumentException if something is wrong in the block {@code smc4j} of its configuration; the message names
     *     each key, what is wrong and what to do
     */
    public static Smc get(ActorSystem<?> system) {
        return system.registerExtension(ID);
    }

    /** Opens a connection with default options. */
    public CompletionStage<SmcChannel> connect(InetSocketAddress remote) {
        return connect(remote, ConnectOptions.defaults().withTransport(defaultTransport()));
    }

    /**
     * Opens a connection: over SMC if both ends can, else over TCP; {@link SmcChannel#info} says which and why.
     *
     * @return fails with an {@link SmcException} if there is no connection at all
     */
    public CompletionStage<SmcChannel> connect(InetSocketAddress remote, ConnectOptions options) {
        CompletableFuture<SmcChannel> result = pending(new CompletableFuture<>());
        node.tell(new SmcNode.Connect(remote, options, result, false));
        return result;
    }

    /** As {@link #connectBlocking(InetSocketAddress, ConnectOptions)} with default options. */
    public SmcChannel connectBlocking(InetSocketAddress remote) throws SmcException, InterruptedException {
        return connectBlocking(remote, ConnectOptions.defaults().withTransport(defaultTransport()));
    }

    /**
     * As {@link #connect(InetSocketAddress, ConnectOptions)}, waiting for it: the shortest way for a platform or virtual thread that has
     * nothing else to do. Not for actors, which must not block.
     *
     * @throws SmcException if there is no connection at all
     * @throws InterruptedException if the thread is interrupted while it waits: no connection is left behind
     */
    public SmcChannel connectBlocking(InetSocketAddress remote, ConnectOptions options)
            throws SmcException, InterruptedException {
        CompletableFuture<SmcChannel> result = pending(new CompletableFuture<>());
        node.tell(new SmcNode.Connect(remote, options, result, true));
        try {
            return result.get();
        } catch (InterruptedException e) {
            if (!result.cancel(false)) {
                CompletableFuture<Void> _ = result.thenAccept(SmcChannel::abort); // it came just now
            }
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SmcException reason) {
                throw new SmcException(reason.category(), String.valueOf(reason.getMessage()), reason);
            }
            throw new SmcException(SmcException.Category.BUG, "Connecting failed: " + e.getCause(), e);
        }
    }

    /** Listens with default options. */
    public CompletionStage<SmcServerChannel> listen(InetSocketAddress local) {
        return listen(local, BindOptions.defaults().withTransport(defaultTransport()));
    }

    /**
     * Listens. Clients that speak SMC and ordinary TCP clients may come to the same port.
     *
     * @return fails with an {@link SmcException} if the address cannot be bound
     */
    public CompletionStage<SmcServerChannel> listen(InetSocketAddress local, BindOptions options) {
        CompletableFuture<SmcServerChannel> result = pending(new CompletableFuture<>());
        node.tell(new SmcNode.Listen(local, options, result));
        return result;
    }

    /** As {@link #bind(InetSocketAddress, BindOptions)} with default options. @param port 0 for any free port */
    public Source<IncomingConnection, CompletionStage<ServerBinding>> bind(String host, int port) {
        return bind(new InetSocketAddress(host, port), BindOptions.defaults().withTransport(defaultTransport()));
    }

    /**
     * A source of accepted connections, like {@code Tcp.bind} of Pekko Streams. Each materialization listens; its value completes
     * when it does, and fails with the stream if it cannot. Cancelling the source stops listening.
     */
    public Source<IncomingConnection, CompletionStage<ServerBinding>> bind(
            InetSocketAddress local, BindOptions options) {
        return StreamsApi.bind(() -> listen(local, options), streams());
    }

    /** As {@link #outgoingConnection(InetSocketAddress, ConnectOptions)} with default options. */
    public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> outgoingConnection(String host, int port) {
        return outgoingConnection(
                new InetSocketAddress(host, port), ConnectOptions.defaults().withTransport(defaultTransport()));
    }

    /**
     * A flow that is one connection, like {@code Tcp.outgoingConnection} of Pekko Streams: what goes in is sent, what the peer sends
     * comes out, with back-pressure in both directions and half-close. Each materialization connects anew.
     */
    public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> outgoingConnection(
            InetSocketAddress remote, ConnectOptions options) {
        return StreamsApi.outgoingConnection(() -> connect(remote, options), streams());
    }

    /**
     * As {@link #outgoingConnection(InetSocketAddress, ConnectOptions)}, without a copy on the receiving side; see {@link
     * IncomingConnection#flowOfSegments}.
     */
    public Flow<MemorySegment, MemorySegment, CompletionStage<OutgoingConnection>> outgoingSegments(
            InetSocketAddress remote, ConnectOptions options) {
        return StreamsApi.outgoingSegments(() -> connect(remote, options), streams());
    }

    /** To be called back costs a stream two threads' wake-ups, not one: it looks longer before. */
    private StreamSettings streams() {
        IdleSettings idle = settings.idle();
        long patience = idle.strategy() == IdleSettings.Strategy.PARK
                ? 0
                : idle.spinTime().toNanos() * 5 / 2;
        return new StreamSettings(StreamSettings.DEFAULT_CHUNK, patience);
    }

    /** The settings in force. */
    public SmcSettings settings() {
        return settings;
    }

    /** Takes ports of the node's software RDMA device down and up, to see a failover; empty on real hardware. */
    public CompletionStage<Optional<PortControl>> portControl() {
        CompletableFuture<Optional<PortControl>> result = pending(new CompletableFuture<>());
        node.tell(new SmcNode.AskPortControl(result));
        return result;
    }

    /** Ends all link groups in order and frees everything. Completes when nothing is left. Idempotent. */
    public CompletionStage<Done> shutdown() {
        node.tell(new SmcNode.Stop(stopped));
        return stopped;
    }

    /** A request that the node does not live to answer fails when the node is gone. */
    private <T> CompletableFuture<T> pending(CompletableFuture<T> result) {
        requests.add(result);
        result.whenComplete((value, failure) -> requests.remove(result));
        if (stopped.isDone()) {
            failPending();
        }
        return result;
    }

    private void failPending() {
        requests.forEach(request -> request.completeExceptionally(
                new SmcException(SmcException.Category.CONFIGURATION, "this SMC node was shut down")));
    }

    private TransportPreference defaultTransport() {
        return switch (settings.transport()) {
            case AUTO -> TransportPreference.AUTO;
            case SMC_R -> TransportPreference.SMC_R;
            case SMC_D -> TransportPreference.SMC_D;
            case TCP -> TransportPreference.TCP;
        };
    }
}
