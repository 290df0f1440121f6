package io.smc4j.actors.link;

import io.smc4j.actors.node.NodeContext;
import io.smc4j.actors.queue.Command.AttachLink;
import io.smc4j.actors.queue.Command.DetachLink;
import io.smc4j.actors.queue.Command.LinkReady;
import io.smc4j.actors.queue.Command.SendLlc;
import io.smc4j.actors.queue.CompletionQueueHandle;
import io.smc4j.actors.queue.LinkListener;
import io.smc4j.actors.queue.OwnedLink;
import io.smc4j.actors.queue.Reaper;
import io.smc4j.actors.queue.Reply;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.lifecycle.link.LinkDownCause;
import io.smc4j.protocol.lifecycle.link.LinkEffect;
import io.smc4j.protocol.lifecycle.link.LinkEvent;
import io.smc4j.protocol.lifecycle.link.LinkMachine;
import io.smc4j.protocol.lifecycle.link.LinkState;
import io.smc4j.protocol.llc.DeleteReason;
import io.smc4j.protocol.llc.LlcCodec;
import io.smc4j.protocol.llc.LlcDeleteLink;
import io.smc4j.protocol.llc.LlcMessage;
import io.smc4j.protocol.llc.LlcTestLink;
import io.smc4j.rdma.CompletionStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Owns one queue pair from creation to destruction, with its control buffers and its keepalive.
 *
 * <p>Verbs calls that may sleep run on the blocking dispatcher, one at a time, and come back as messages. The queue pair is
 * destroyed only after the completion queue's owner said that nothing of it is in flight ({@code LinkDetached}); then the
 * actor reports {@link LinkReport.Cleared} and stops. It is never restarted: a queue pair has no second life.
 */
public final class Link extends AbstractBehavior<Link.Command> {
    /** What a Link is told. */
    public sealed interface Command {}

    /** The peer's end is known (server): go to RTR and RTS; answered by {@link LinkReport.Ready} or Down. */
    public record ConnectTo(LinkAddress peer) implements Command {}

    /** Go from RTR to RTS (client); answered by {@link LinkReport.Ready} or Down. */
    public record GetReady() implements Command {}

    /** CONFIRM LINK is complete: keepalive starts. */
    public record Activated() implements Command {}

    /** Send an LLC message; {@code replyTo} hears whether it left. */
    public record Send(LlcMessage message, ActorRef<? super Reply.LlcSent> replyTo) implements Command {}

    /** The port went down. */
    public record PortLost() implements Command {}

    /** Free everything and stop; answered by {@link LinkReport.Cleared}. */
    public record Clear() implements Command {}

    private record Made(QueuePairs.Made made) implements Command {}

    private record Moved(boolean ready) implements Command {}

    private record VerbsFailed(String detail) implements Command {}

    private record Attached(boolean accepted, String detail) implements Command {}

    private record Received(byte[] message) implements Command {}

    private record Broken(LinkDownCause cause, String detail) implements Command {}

    private record Tick(LinkEvent event) implements Command {}

    private record Sent() implements Command {}

    private record Detached(boolean flushed) implements Command {}

    private record Destroyed(boolean clean) implements Command {}

    /** Where the queue pair is on its way up. */
    private enum Stage {
        CREATING,
        ATTACHING,
        INIT,
        RTR,
        RTS,
        DETACHING
    }

    private final NodeContext node;
    private final LinkSpec spec;
    private final Consumer<LinkReport> group;
    private final TimerScheduler<Command> timers;
    private final CompletionQueueHandle queue;
    private LinkState state;
    private Stage stage = Stage.CREATING;
    private boolean busy = true;
    private boolean clearing;
    private boolean over;
    private boolean readyWanted;
    private CompletableFuture<Command> lastCall;
    private @Nullable OwnedLink link;
    private @Nullable LinkAddress local;
    private @Nullable LinkAddress peer;

    /** @param group hears the reports; must only pass them on */
    public static Behavior<Command> create(NodeContext node, LinkSpec spec, Consumer<LinkReport> group) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Link(context, timers, node, spec, group)));
    }

    private Link(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            NodeContext node,
            LinkSpec spec,
            Consumer<LinkReport> group) {
        super(context);
        this.timers = timers;
        this.node = node;
        this.spec = spec;
        this.group = group;
        this.queue = spec.context().queue();
        this.peer = spec.peer().orElse(null);
        this.state = LinkState.unused(spec.testLinkInterval().toNanos());
        apply(new LinkEvent.Initialised());
        ActorRef<Command> self = context.getSelf();
        LinkListener listener = new LinkListener() {
            @Override
            public void llcReceived(byte[] message) {
                self.tell(new Received(message));
            }

            @Override
            public void linkFailed(CompletionStatus status, String detail) {
                self.tell(new Broken(cause(status), detail));
            }
        };
        lastCall = run(() -> new Made(QueuePairs.create(spec, listener)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Command.class, this::onCommand)
                .onSignal(PostStop.class, stop -> onPostStop())
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Made m -> onMade(m.made());
            case ConnectTo c -> {
                peer = c.peer();
                readyWanted = true;
                advance();
            }
            case GetReady g -> {
                readyWanted = true;
                advance();
            }
            case Moved m -> onMoved(m.ready());
            case VerbsFailed f -> {
                busy = false;
                if (stage == Stage.DETACHING) {
                    getContext()
                            .getLog()
                            .error("link {}: could not free its queue pair: {}", spec.number(), f.detail());
                    return stop(false);
                }
                onBroken(LinkDownCause.QUEUE_PAIR_EVENT, f.detail());
            }
            case Attached a -> onAttached(a);
            case Activated a -> apply(new LinkEvent.ConfirmLinkCompleted());
            case Send s -> onSend(s);
            case Received r -> onReceived(r.message());
            case Broken b -> onBroken(b.cause(), b.detail());
            case PortLost p -> onBroken(LinkDownCause.PORT_ERROR, "port " + spec.port() + " is down");
            case Tick t -> apply(t.event());
            case Sent s -> {}
            case Clear c -> {
                apply(new LinkEvent.ClearRequested());
            }
            case Detached d ->
                run(() -> {
                    required(link).destroy();
                    return new Destroyed(d.flushed());
                });
            case Destroyed d -> {
                return stop(d.clean());
            }
        }
        if (clearing && !busy && stage != Stage.DETACHING) {
            return detach();
        }
        return this;
    }

    // ---- the way up: INIT, RTR, attached, RTS ----

    private void onMade(QueuePairs.Made made) {
        link = made.link();
        local = made.local();
        stage = Stage.ATTACHING; // still busy: receives are posted before the peer can learn of the queue pair
        queue.tell(new AttachLink(
                made.link(),
                getContext().messageAdapter(Reply.LinkAttached.class, r -> new Attached(r.accepted(), r.detail()))));
    }

    private void onAttached(Attached attached) {
        busy = false;
        stage = Stage.INIT;
        if (!attached.accepted()) {
            onBroken(LinkDownCause.POST_ERROR, attached.detail());
            return;
        }
        if (spec.peer().isEmpty()) {
            reportPrepared();
        }
        advance();
    }

    /** Takes the next verbs call on the way to what is wanted; one at a time. */
    private void advance() {
        if (busy || clearing || !state.phase().usable()) {
            return;
        }
        if (stage == Stage.INIT && peer != null) {
            LinkAddress to = peer;
            run(() -> {
                QueuePairs.toRtr(required(link), spec, required(local), to);
                return new Moved(false);
            });
        } else if (stage == Stage.RTR && readyWanted) {
            run(() -> {
                QueuePairs.toRts(required(link), required(local));
                return new Moved(true);
            });
        }
    }

    private void onMoved(boolean ready) {
        busy = false;
        if (ready) {
            stage = Stage.RTS;
            queue.tell(new LinkReady(required(link)));
            group.accept(new LinkReport.Ready(spec.number(), spec.incarnation()));
        } else {
            stage = Stage.RTR;
            if (spec.peer().isPresent()) {
                reportPrepared();
            }
            advance();
        }
    }

    private void reportPrepared() {
        group.accept(new LinkReport.Prepared(spec.number(), spec.incarnation(), required(link), required(local)));
    }

    // ---- messages ----

    private void onSend(Send send) {
        OwnedLink owned = link;
        if (owned == null) {
            return; // nothing was ever promised on a link without a queue pair
        }
        if (stage != Stage.RTS || clearing) {
            send.replyTo().tell(new Reply.LlcSent(owned, false));
        } else {
            queue.tell(new SendLlc(owned, LlcCodec.encode(send.message()), send.replyTo()));
        }
    }

    private void onReceived(byte[] bytes) {
        apply(new LinkEvent.ReceivedSomething(node.clock().getAsLong()));
        LlcMessage message;
        try {
            message = LlcCodec.decode(ByteBuffer.wrap(bytes));
        } catch (ProtocolViolation e) {
            getContext().getLog().warn("link {}: dropped an LLC message: {}", spec.number(), e.getMessage());
            return;
        }
        if (message.version() != spec.version().number()) {
            getContext()
                    .getLog()
                    .warn(
                            "link {}: dropped {} of LLC version {}: the link group was made by version {}",
                            spec.number(),
                            message.type(),
                            message.version(),
                            spec.version().label());
            return;
        }
        if (message instanceof LlcTestLink test) {
            if (test.response()) {
                apply(new LinkEvent.TestLinkAnswered());
            } else {
                send(test.answer());
            }
        } else {
            group.accept(new LinkReport.Received(spec.number(), spec.incarnation(), message));
        }
    }

    private void send(LlcMessage message) {
        onSend(new Send(message, getContext().messageAdapter(Reply.LlcSent.class, r -> new Sent())));
    }

    // ---- the link machine ----

    private void onBroken(LinkDownCause cause, String detail) {
        boolean wasUp = state.phase().usable();
        apply(new LinkEvent.DownTriggered(cause));
        if (wasUp && !state.phase().usable()) {
            group.accept(new LinkReport.Down(spec.number(), spec.incarnation(), cause.description() + ": " + detail));
        }
    }

    private void apply(LinkEvent event) {
        LinkMachine.Step step = LinkMachine.step(state, event, node.clock().getAsLong());
        state = step.state();
        for (LinkEffect effect : step.effects()) {
            switch (effect) {
                case LinkEffect.ArmTestLinkTimer e -> arm("silence", e.atNanos(), new LinkEvent.TestLinkTimer());
                case LinkEffect.ArmTestLinkTimeout e -> arm("answer", e.atNanos(), new LinkEvent.TestLinkTimeout());
                case LinkEffect.CancelTestLink e -> {
                    timers.cancel("silence");
                    timers.cancel("answer");
                }
                case LinkEffect.SendTestLink e ->
                    send(LlcTestLink.request(spec.version().number()));
                case LinkEffect.LinkDown e -> {
                    if (event instanceof LinkEvent.TestLinkTimeout) {
                        group.accept(new LinkReport.Down(
                                spec.number(), spec.incarnation(), e.cause().description()));
                    }
                }
                case LinkEffect.Clear e -> clearing = true;
            }
        }
    }

    private void arm(String key, long atNanos, LinkEvent event) {
        long delay = Math.max(0, atNanos - node.clock().getAsLong());
        timers.startSingleTimer(key, new Tick(event), Duration.ofNanos(delay));
    }

    // ---- the way down ----

    private Behavior<Command> detach() {
        OwnedLink owned = link;
        if (owned == null) {
            return stop(true); // the queue pair never came to be
        }
        stage = Stage.DETACHING;
        queue.tell(new DetachLink(
                owned,
                spec.detachDeadline(),
                getContext().messageAdapter(Reply.LinkDetached.class, r -> new Detached(r.flushed()))));
        return this;
    }

    /** Failed, or stopped by a group that would not wait: the reaper goes on with what there is of a queue pair. */
    private Behavior<Command> onPostStop() {
        if (!over) {
            Consumer<LinkReport> told = group;
            Runnable whenGone = () -> told.accept(new LinkReport.Cleared(spec.number(), spec.incarnation(), false));
            OwnedLink known = link;
            // Else an idle peer would notice only by TEST LINK.
            Optional<LlcMessage> farewell = stage == Stage.RTS
                    ? Optional.of(new LlcDeleteLink(
                            spec.version().number(), false, false, true, spec.number(), DeleteReason.LOST_PATH.code()))
                    : Optional.empty();
            lastCall.whenComplete((command, failure) -> { // not while a verbs call is still at it
                OwnedLink left = known == null && command instanceof Made made
                        ? made.made().link()
                        : known;
                if (left == null) {
                    whenGone.run();
                } else {
                    node.reaper()
                            .tell(new Reaper.BuryLink(
                                    spec.group(), queue, left, farewell, spec.detachDeadline(), whenGone));
                }
            });
        }
        return this;
    }

    private Behavior<Command> stop(boolean clean) {
        over = true;
        apply(new LinkEvent.Cleared());
        group.accept(new LinkReport.Cleared(spec.number(), spec.incarnation(), clean));
        return Behaviors.stopped();
    }

    private CompletableFuture<Command> run(Callable<Command> call) {
        busy = true;
        CompletableFuture<Command> running = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.call();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                node.blocking());
        lastCall = running;
        getContext().pipeToSelf(running, (done, failure) -> failure == null ? done : new VerbsFailed(reason(failure)));
        return running;
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }

    private static LinkDownCause cause(CompletionStatus status) {
        return switch (status) {
            case RETRY_EXC_ERR -> LinkDownCause.RETRY_EXCEEDED;
            case RNR_RETRY_EXC_ERR -> LinkDownCause.RNR_RETRY_EXCEEDED;
            case WR_FLUSH_ERR -> LinkDownCause.FLUSHED;
            case SUCCESS,
                    LOC_LEN_ERR,
                    LOC_QP_OP_ERR,
                    LOC_PROT_ERR,
                    REM_INV_REQ_ERR,
                    REM_ACCESS_ERR,
                    REM_OP_ERR,
                    GENERAL_ERR -> LinkDownCause.SEND_COMPLETION_ERROR;
        };
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the queue pair is not there yet: a bug in the order of a link's steps");
        }
        return value;
    }
}
