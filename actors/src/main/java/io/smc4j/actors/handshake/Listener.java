package io.smc4j.actors.handshake;

import io.smc4j.BindOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.TransportPreference;
import io.smc4j.actors.channel.AcceptQueue;
import io.smc4j.actors.channel.ListenerControl;
import io.smc4j.actors.channel.ServerChannelImpl;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.actors.node.NodeContext;
import io.smc4j.actors.tcp.ClcStream;
import io.smc4j.actors.tcp.TcpAcceptor;
import io.smc4j.actors.tcp.TcpReadiness;
import io.smc4j.rdma.rendezvous.Arrival;
import io.smc4j.rdma.rendezvous.ListenerRecord;
import io.smc4j.rdma.tcpoption.OptionMark;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
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
import org.slf4j.LoggerFactory;

/**
 * Owns one listening socket and its rendezvous record: accepts, has a {@link ServerHandshake} for every accepted connection, and
 * hands the results to the application in the order they are ready.
 *
 * <p>Accepting stops while as many connections as the backlog are in handshake or waiting to be taken. A connection whose
 * handshake ends after the listener closed is closed: it belongs to exactly one of queue and closer.
 */
public final class Listener extends AbstractBehavior<Listener.Command> {
    /** What a listener is told. */
    public sealed interface Command {}

    /** Stop listening. */
    public record Close() implements Command {}

    private record Accepted(
            @Nullable AcceptedSocket socket, @Nullable Throwable failure) implements Command {}

    /** @param opening what its client left with its announcement, to be taken for the first bytes of the connection */
    private record AcceptedSocket(SocketChannel socket, ClientKind client, byte[] opening) {}

    private record HandshakeEnded(Outcome outcome) implements Command {}

    private record HandshakeGone(ClcStream stream, AtomicBoolean answered) implements Command {}

    private record Taken() implements Command {}

    private record AcceptAgain() implements Command {}

    /**
     * An open listening socket.
     *
     * @param socket bound
     * @param record what clients on this host find; null if the strategy needs none, or there may be no SMC
     */
    public record Bound(
            ServerSocketChannel socket,
            InetSocketAddress local,
            @Nullable ListenerRecord record) {}

    /** What a listener needs. */
    public record Spec(
            NodeContext node,
            ActorRef<LinkGroupRegistry.Command> registry,
            TcpReadiness readiness,
            BindOptions options) {}

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final byte[] NO_OPENING = {};
    private static final Duration AFTER_ACCEPT_FAILED = Duration.ofMillis(100);

    /** From connecting to announcing a client needs some microseconds, if nobody stops it. */
    private static final Duration LONGEST_APPROACH = Duration.ofSeconds(1);

    private final Spec spec;
    private final Bound bound;
    private final TcpAcceptor acceptor;
    private final TimerScheduler<Command> timers;
    private final AcceptQueue<SmcChannel> queue;
    private final Deque<SmcChannel> overflow = new ArrayDeque<>();
    private final CompletableFuture<Done> closed = new CompletableFuture<>();
    private int handshakes;
    private @Nullable CompletionStage<AcceptedSocket> accepting;
    private boolean closing;

    /** @param started hears of the channel for the application */
    public static Behavior<Command> create(Spec spec, Bound bound, CompletableFuture<SmcServerChannel> started) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new Listener(context, timers, spec, bound, started)));
    }

    private Listener(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Spec spec,
            Bound bound,
            CompletableFuture<SmcServerChannel> started) {
        super(context);
        this.spec = spec;
        this.bound = bound;
        this.acceptor = acceptor(bound, spec.readiness());
        this.timers = timers;
        this.queue = new AcceptQueue<>(
                spec.options().backlog(), SmcChannel::abort, spec.node().blocking());
        ActorRef<Command> self = context.getSelf();
        started.complete(new ServerChannelImpl(bound.local(), queue, new ListenerControl() {
            @Override
            public void closeRequested() {
                self.tell(new Close());
            }

            @Override
            public CompletionStage<Done> closed() {
                return closed.minimalCompletionStage();
            }
        }));
        acceptNext();
    }

    private static TcpAcceptor acceptor(Bound bound, TcpReadiness readiness) {
        try {
            return TcpAcceptor.of(bound.socket(), readiness);
        } catch (IOException e) {
            closeQuietly(bound.socket());
            throw new IllegalStateException("the listening socket " + bound.local() + " is of no use", e);
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Command.class, this::onCommand)
                .onSignal(Terminated.class, gone -> onCommand(new Taken()))
                .onSignal(PostStop.class, stop -> onPostStop())
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Accepted a -> onAccepted(a);
            case HandshakeEnded h -> {
                handshakes--;
                if (h.outcome() instanceof Outcome.Ready ready && (closing || !queue.offer(ready.channel()))) {
                    if (closing) {
                        ready.channel().abort();
                    } else {
                        overflow.add(ready.channel());
                        timers.startSingleTimer(new Taken(), AFTER_ACCEPT_FAILED);
                    }
                }
            }
            case HandshakeGone g -> {
                if (!g.answered().get()) { // it failed as it started: it has no PostStop that could say so
                    handshakes--;
                    g.stream().reset(); // its client may have fallen back: this is no end of the data
                }
            }
            case Taken t -> {
                while (!overflow.isEmpty() && queue.offer(overflow.peek())) {
                    overflow.remove();
                }
                if (!overflow.isEmpty()) {
                    timers.startSingleTimer(new Taken(), AFTER_ACCEPT_FAILED);
                }
            }
            case AcceptAgain a -> {}
            case Close c -> {
                closing = true;
                release();
            }
        }
        if (closing && handshakes == 0 && accepting == null) {
            return Behaviors.stopped(); // and no accepted socket is on its way here
        }
        acceptNext();
        return this;
    }

    private void acceptNext() {
        boolean room = handshakes + overflow.size() < spec.options().backlog();
        if (accepting != null || closing || !room || timers.isTimerActive("accept")) {
            return;
        }
        // Recognised at once, before any turn of this actor: its client waits for that.
        CompletionStage<AcceptedSocket> accepted = acceptor.accept().thenCompose(this::recognise);
        accepting = accepted;
        getContext().pipeToSelf(accepted, Accepted::new);
    }

    private CompletionStage<AcceptedSocket> recognise(SocketChannel socket) {
        try {
            if (bound.record() == null || !(socket.getRemoteAddress() instanceof InetSocketAddress remote)) {
                return CompletableFuture.completedStage(recognised(socket, Optional.empty()));
            }
            Arrival arrival = bound.record().arrived(remote);
            return arrival.isKnown()
                    ? CompletableFuture.completedStage(recognised(socket, arrival.announcement()))
                    : spec.readiness()
                            .await(arrival::look, LONGEST_APPROACH)
                            .handle((known, failure) -> recognised(socket, last(arrival, known, failure)));
        } catch (IOException | IllegalStateException e) {
            // it is gone again, or we are closing
            return CompletableFuture.completedStage(new AcceptedSocket(socket, ClientKind.UNKNOWN, NO_OPENING));
        }
    }

    private Optional<byte[]> last(Arrival arrival, @Nullable Boolean known, @Nullable Throwable failure) {
        if (failure != null) {
            return Optional.empty(); // we are closing
        }
        if (!Boolean.TRUE.equals(known)) {
            arrival.giveUp();
            LOG.info(
                    "a client of {} was about to announce its connection and has not within {}; it is waited for no longer",
                    bound.local(),
                    LONGEST_APPROACH);
        }
        return arrival.announcement();
    }

    private static AcceptedSocket recognised(SocketChannel socket, Optional<byte[]> announced) {
        try {
            OptionMark mark = OptionMark.take(socket); // in any case: it must not stay there as the keep-alive interval
            return announced
                    .map(opening -> new AcceptedSocket(socket, ClientKind.SPEAKS_SMC, opening))
                    .orElseGet(() -> new AcceptedSocket(
                            socket,
                            switch (mark) {
                                case PEER_SPEAKS_SMC -> ClientKind.SPEAKS_SMC;
                                case PEER_IS_PLAIN_TCP -> ClientKind.PLAIN_TCP;
                                case WANTED, NONE -> ClientKind.UNKNOWN;
                            },
                            NO_OPENING));
        } catch (IOException e) {
            return new AcceptedSocket(socket, ClientKind.UNKNOWN, NO_OPENING); // it is gone again
        }
    }

    private void onAccepted(Accepted accepted) {
        accepting = null;
        AcceptedSocket socket = accepted.socket();
        if (socket != null && closing) {
            ClcStream.discard(socket.socket()); // accepted while the listener closed: nobody will have it
            return;
        }
        if (socket == null) {
            if (!closing) {
                getContext()
                        .getLog()
                        .warn("accepting on {} failed: {}", bound.local(), String.valueOf(accepted.failure()));
                timers.startSingleTimer("accept", new AcceptAgain(), AFTER_ACCEPT_FAILED);
            }
            return;
        }
        try {
            ClcStream stream = ClcStream.of(socket.socket(), spec.readiness(), socket.opening());
            boolean onlyTcp = spec.options().transport() == TransportPreference.TCP;
            ActorRef<Command> self = getContext().getSelf();
            AtomicBoolean answered = new AtomicBoolean();
            handshakes++;
            ActorRef<?> handshake = getContext()
                    .spawnAnonymous(
                            spec.node()
                                    .actors()
                                    .decorate(
                                            ActorKind.SERVER_HANDSHAKE,
                                            ServerHandshake.create(
                                                    new ServerHandshake.Spec(
                                                            spec.node(),
                                                            spec.registry(),
                                                            spec.readiness(),
                                                            spec.options().transport(),
                                                            socket.client(),
                                                            onlyTcp),
                                                    stream,
                                                    outcome -> {
                                                        answered.set(true);
                                                        self.tell(new HandshakeEnded(outcome));
                                                    })),
                            DispatcherSelector.sameAsParent());
            getContext().watchWith(handshake, new HandshakeGone(stream, answered));
        } catch (SmcException e) {
            getContext().getLog().info("{}", e.getMessage());
        }
    }

    /** The record goes before the socket: no client may find a record whose port could be somebody else's by then. */
    private void release() {
        if (bound.record() != null) {
            bound.record().close();
        }
        CompletionStage<Done> free = acceptor.close();
        queue.close(new SmcException(
                SmcException.Category.CONFIGURATION, "the listener on " + bound.local() + " is closed"));
        overflow.forEach(SmcChannel::abort);
        overflow.clear();
        var _ = free.thenAccept(closed::complete);
    }

    private Behavior<Command> onPostStop() {
        closing = true;
        release();
        CompletionStage<AcceptedSocket> coming = accepting;
        if (coming != null) {
            var _ = coming.thenAccept(
                    socket -> ClcStream.discard(socket.socket())); // its message finds nobody any more
        }
        return this;
    }

    /** Binds a socket. Blocking threads only. */
    public static Bound bind(InetSocketAddress address, int backlog, @Nullable RecordPublisher publisher)
            throws SmcException {
        return bind(address, backlog, publisher, false);
    }

    /** Binds a socket whose SYN-ACKs answer the TCP option, if {@code option}. Blocking threads only. */
    public static Bound bind(
            InetSocketAddress address, int backlog, @Nullable RecordPublisher publisher, boolean option)
            throws SmcException {
        ServerSocketChannel socket = null;
        try {
            socket = ServerSocketChannel.open();
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (option) {
                OptionMark.want(socket);
            }
            socket.bind(address, backlog);
            InetSocketAddress local = (InetSocketAddress) socket.getLocalAddress();
            return new Bound(socket, local, publisher == null ? null : publisher.publish(local));
        } catch (IOException | RuntimeException e) {
            if (socket != null) {
                closeQuietly(socket);
            }
            throw new SmcException(
                    SmcException.Category.CONFIGURATION,
                    "cannot listen on " + address + ": " + e.getMessage() + "; is the port in use?",
                    e);
        }
    }

    /** Leaves the record of a listener. */
    @FunctionalInterface
    public interface RecordPublisher {
        @Nullable
        ListenerRecord publish(InetSocketAddress local);
    }

    private static void closeQuietly(ServerSocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it was of no use anyway
        }
    }
}
