package io.smc4j.actors.connection;

import io.smc4j.ConnectionInfo;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.actors.channel.ChannelControl;
import io.smc4j.actors.channel.ChannelImpl;
import io.smc4j.actors.datapath.EndpointListener;
import io.smc4j.actors.node.NodeContext;
import io.smc4j.actors.queue.IsmCommand;
import io.smc4j.actors.queue.Reply;
import io.smc4j.actors.tcp.TcpReadiness;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent;
import io.smc4j.protocol.lifecycle.connection.ConnectionMachine;
import io.smc4j.protocol.lifecycle.connection.ConnectionState;
import io.smc4j.protocol.lifecycle.connection.EndReason;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns one SMC connection: its endpoint, its TCP socket and the application's handle. Feeds the {@link ConnectionMachine} and
 * carries out its effects; data never passes through it.
 *
 * <p>It stops when the machine released it and the endpoint's owner has let go; its link group frees the buffers only then.
 */
public final class Connection extends AbstractBehavior<Connection.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** What a Connection is told. */
    public sealed interface Command {}

    /** Its endpoint (once): SMC-R at join, SMC-D when the peer's DMB is known. */
    public record Attach(Attachment attachment) implements Command {}

    /** The handshake is complete: takes the TCP socket over and answers with the application's handle. */
    public record Activate(SocketChannel tcp, TcpReadiness readiness, ActorRef<? super SmcChannel> replyTo)
            implements Command {}

    /** Abort now. */
    public record Kill(AbortCause cause, String detail) implements Command {}

    /** The handshake failed or fell back: whoever ran it keeps the TCP socket. */
    public record HandshakeFailed() implements Command {}

    /** It was moved to another link. */
    public record FailedOver() implements Command {}

    private record FromEndpoint(ConnectionEvent event) implements Command {}

    private record EndpointDrained() implements Command {}

    private record DrainTimedOut() implements Command {}

    private record CloseRequested() implements Command {}

    private record ShutdownRequested() implements Command {}

    private record AbortRequested() implements Command {}

    private record Violation(String what) implements Command {}

    private record TcpEnded(String how, boolean broken) implements Command {}

    private record PeerSilent(String how, boolean broken) implements Command {}

    private record Quiet(boolean quiet) implements Command {}

    /** Longer than any handshake: a connection still in INIT by then was forgotten by a handshake that died. */
    private static final Duration LONGEST_HANDSHAKE = Duration.ofSeconds(60);

    private final NodeContext node;
    private final long id;
    private final TimerScheduler<Command> timers;
    private final ConnectionFacts facts;
    private final Consumer<ConnectionEnd> group;
    private final CompletableFuture<Done> terminated = new CompletableFuture<>();
    private ConnectionState state = ConnectionState.initial();
    private String detail = "";
    private int failovers;
    private boolean detaching;
    private @Nullable EndReason end;
    private @Nullable Attachment attachment;
    private @Nullable TcpLeg tcp;
    private int peerFlags;

    static Behavior<Command> create(NodeContext node, long id, ConnectionFacts facts, Consumer<ConnectionEnd> group) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new Connection(context, timers, node, id, facts, group)));
    }

    private Connection(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            NodeContext node,
            long id,
            ConnectionFacts facts,
            Consumer<ConnectionEnd> group) {
        super(context);
        this.timers = timers;
        this.node = node;
        this.id = id;
        this.facts = facts;
        this.group = group;
        timers.startSingleTimer("handshake", new HandshakeFailed(), LONGEST_HANDSHAKE);
    }

    /** The endpoint's way to tell a connection of edges. Thread-safe; passes messages on. */
    public static EndpointListener listener(ActorRef<Command> connection) {
        return new EndpointListener() {
            @Override
            public void peerStateFlags(int stateFlags) {
                connection.tell(new FromEndpoint(ConnectionEvent.PeerFlags.of(stateFlags)));
            }

            @Override
            public void drained() {
                connection.tell(new EndpointDrained());
            }

            @Override
            public void violation(String what) {
                connection.tell(new Violation(what));
            }
        };
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Command.class, this::onCommand)
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Attach a -> {
                attachment = a.attachment();
                facts.endpoint(a.attachment().endpoint());
                a.attachment().begin();
            }
            case Activate a -> activate(a);
            case FromEndpoint f -> {
                if (f.event() instanceof ConnectionEvent.PeerFlags flags) {
                    peerFlags |= flags.bits();
                }
                apply(f.event());
            }
            case EndpointDrained d -> apply(new ConnectionEvent.Drained(hasUnread()));
            case DrainTimedOut d -> apply(new ConnectionEvent.DrainDeadline(hasUnread()));
            case CloseRequested c ->
                apply(new ConnectionEvent.AppClose(
                        hasUnread(), node.settings().close().drainTimeout().toNanos()));
            case ShutdownRequested s ->
                apply(new ConnectionEvent.AppShutdownWrite(
                        node.settings().close().drainTimeout().toNanos()));
            case AbortRequested a -> kill(AbortCause.APPLICATION_ABORT, "");
            case TcpEnded t -> onTcpEnded(t);
            case PeerSilent p -> {
                if (awaitsPeer(p.broken())) {
                    kill(AbortCause.TCP_ENDED, p.how());
                }
            }
            case Violation v -> kill(AbortCause.PROTOCOL_VIOLATION, v.what());
            case Kill k -> kill(k.cause(), k.detail());
            case HandshakeFailed h -> apply(new ConnectionEvent.HandshakeFailed());
            case FailedOver f -> facts.failedOver(++failovers);
            case Quiet q -> {
                group.accept(new ConnectionEnd(
                        id, true, q.quiet(), Objects.requireNonNull(end, "released before detaching")));
                return Behaviors.stopped();
            }
        }
        EndReason ended = end;
        if (ended == null || detaching) {
            return this;
        }
        detaching = true;
        Attachment attached = attachment;
        if (attached == null) {
            group.accept(new ConnectionEnd(id, false, true, ended));
            return Behaviors.stopped();
        }
        attached.detach(
                getContext().messageAdapter(Reply.EndpointDetached.class, r -> new Quiet(r.quiet())),
                getContext().messageAdapter(IsmCommand.Detached.class, r -> new Quiet(true)));
        return this;
    }

    private void activate(Activate command) {
        Attachment attached = attachment;
        if (attached == null || end != null) {
            TcpLeg.close(command.tcp(), false);
            return; // killed meanwhile: whoever waits for the handle watches its handshake, not us
        }
        timers.cancel("handshake");
        ActorRef<Command> self = getContext().getSelf();
        tcp = TcpLeg.start(command.tcp(), command.readiness(), (how, broken) -> self.tell(new TcpEnded(how, broken)));
        apply(new ConnectionEvent.HandshakeCompleted());
        command.replyTo().tell(new ChannelImpl(attached.endpoint(), new Control(), node.longestWaitNanos()));
    }

    /**
     * A peer that ends the connection in its own time says so over SMC too, though its flags may come later. One that does not has
     * given the connection up after its handshake, or is gone.
     */
    private void onTcpEnded(TcpEnded ended) {
        if (awaitsPeer(ended.broken())) {
            timers.startSingleTimer(
                    "tcp",
                    new PeerSilent(ended.how(), ended.broken()),
                    node.settings().clc().timeout());
        }
    }

    /** An end in order goes with any flag; a broken TCP connection only with one after which nothing more comes. */
    private boolean awaitsPeer(boolean broken) {
        int enough = CdcFlags.CLOSED | CdcFlags.ABORT | (broken ? 0 : CdcFlags.DONE_WRITING);
        return (peerFlags & enough) == 0;
    }

    private boolean hasUnread() {
        Attachment attached = attachment;
        return attached != null && attached.endpoint().hasUnread();
    }

    private void kill(AbortCause cause, String why) {
        if (detail.isEmpty()) {
            detail = why;
        }
        apply(new ConnectionEvent.Kill(cause));
    }

    // ---- effects ----

    private void apply(ConnectionEvent event) {
        ConnectionMachine.Step step =
                ConnectionMachine.step(state, event, node.clock().getAsLong());
        if (LOG.isDebugEnabled()) { // the context's own logger costs each actor a look at its stack
            getContext()
                    .getLog()
                    .debug(
                            "connection {}: {} in {} -> {} {}",
                            id,
                            event,
                            state.phase(),
                            step.state().phase(),
                            step.effects());
        }
        state = step.state();
        // The reason first: other effects of an abort close the endpoint's gates, and a reader woken by that asks why.
        for (ConnectionEffect effect : step.effects()) {
            if (givesReason(effect)) {
                carryOut(effect);
            }
        }
        for (ConnectionEffect effect : step.effects()) {
            if (!givesReason(effect)) {
                carryOut(effect);
            }
        }
    }

    private static boolean givesReason(ConnectionEffect effect) {
        return effect instanceof ConnectionEffect.FailApplication;
    }

    private void carryOut(ConnectionEffect effect) {
        Attachment attached = attachment;
        switch (effect) {
            case ConnectionEffect.SendStateFlags e -> {
                if (attached != null) {
                    attached.endpoint().sendStateFlags(e.flags());
                }
            }
            case ConnectionEffect.StopOutput e -> {
                if (attached != null) {
                    attached.endpoint().stopWriting();
                }
            }
            case ConnectionEffect.StopInput e -> {
                if (attached != null) {
                    attached.endpoint().stopReading();
                }
            }
            case ConnectionEffect.RequestDrain e -> {
                long wait = e.deadlineNanos() - node.clock().getAsLong();
                if (wait > 0) {
                    timers.startSingleTimer("drain", new DrainTimedOut(), Duration.ofNanos(wait));
                } else {
                    getContext().getSelf().tell(new DrainTimedOut());
                }
                if (attached != null) {
                    attached.endpoint().requestDrained();
                }
            }
            case ConnectionEffect.CancelDrain e -> timers.cancel("drain");
            case ConnectionEffect.ShutdownTcpOutput e -> shutdownTcpOutput();
            case ConnectionEffect.ShutdownTcpBoth e -> shutdownTcpOutput();
            case ConnectionEffect.ResetTcp e -> closeTcp(true);
            case ConnectionEffect.EndInput e -> {} // the endpoint saw the flags first and ends the stream itself
            case ConnectionEffect.FailApplication e -> {
                if (attached != null) {
                    attached.endpoint().fail(failure(e.reason()));
                }
            }
            case ConnectionEffect.WakeAll e -> {} // endpoints wake on flags and failure themselves
            case ConnectionEffect.DropPassiveReference e -> {} // the passive side is this actor: it lives until Release
            case ConnectionEffect.Release e -> end = e.reason();
        }
    }

    private SmcException failure(EndReason reason) {
        ConnectionInfo info = facts.info();
        String why = switch (reason) {
            case EndReason.AbortedByPeer r -> "the peer aborted it (closed it with unread data, or its end failed)";
            case EndReason.AbortedLocally r -> r.cause().description() + (detail.isEmpty() ? "" : " (" + detail + ")");
            case EndReason.ClosedOrderly r -> "it was closed";
            case EndReason.HandshakeFailed r -> "its handshake failed";
        };
        return new SmcException(
                SmcException.Category.RECONNECT,
                "the " + info.transport().label() + " connection from " + info.local() + " to " + info.remote()
                        + " was aborted because " + why + ": bytes in flight may be lost, connect again");
    }

    private void shutdownTcpOutput() {
        TcpLeg leg = tcp;
        if (leg != null) {
            leg.shutdownOutput();
        }
    }

    private void closeTcp(boolean reset) {
        TcpLeg leg = tcp;
        tcp = null;
        if (leg != null) {
            leg.close(reset);
        }
    }

    /** Also after a failure of this actor: nobody waits for it in vain, and the socket is not left open. */
    private Behavior<Command> onPostStop() {
        EndReason reason = end != null ? end : new EndReason.AbortedLocally(AbortCause.LINK_GROUP_TERMINATING);
        Attachment attached = attachment;
        if (reason instanceof EndReason.ClosedOrderly && detaching) {
            closeTcp(false); // its endpoint is closed: who calls it hears that
            terminated.complete(Done.getInstance());
            return this;
        }
        SmcException failure = failure(reason);
        if (attached != null) {
            attached.endpoint().fail(failure);
            if (end == null) {
                // This actor failed, and the peer must not wait for us. The link group has the endpoint detached, and
                // so it is sent.
                attached.endpoint().sendStateFlags(CdcFlags.ABORT);
            }
        }
        closeTcp(end == null);
        if (reason instanceof EndReason.ClosedOrderly || reason instanceof EndReason.HandshakeFailed) {
            terminated.complete(Done.getInstance());
        } else {
            terminated.completeExceptionally(failure);
        }
        return this;
    }

    /** The handle's side of the connection: any thread. */
    private final class Control implements ChannelControl {
        private final ActorRef<Command> self = getContext().getSelf();

        @Override
        public void closeRequested() {
            self.tell(new CloseRequested());
        }

        @Override
        public void shutdownOutputRequested() {
            self.tell(new ShutdownRequested());
        }

        @Override
        public void abortRequested() {
            self.tell(new AbortRequested());
        }

        @Override
        public ConnectionInfo info() {
            return facts.info();
        }

        @Override
        public CompletionStage<Done> terminated() {
            return terminated.minimalCompletionStage();
        }
    }
}
