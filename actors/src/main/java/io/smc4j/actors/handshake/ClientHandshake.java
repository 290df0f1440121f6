package io.smc4j.actors.handshake;

import io.smc4j.ConnectOptions;
import io.smc4j.FallbackReason;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.TransportPreference;
import io.smc4j.actors.connection.Connection;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.JoinRequest;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.node.NodeContext;
import io.smc4j.actors.tcp.ClcReadResult;
import io.smc4j.actors.tcp.ClcStream;
import io.smc4j.actors.tcp.TcpReadiness;
import io.smc4j.protocol.clc.ClcAcceptSmcd;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.rdma.route.Way;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
import org.jspecify.annotations.Nullable;

/**
 * Opens one connection: finds out whether the server may be asked for SMC, connects, exchanges PROPOSAL, ACCEPT and CONFIRM, or
 * falls back. Gone when it has delivered its {@link Outcome}; the TCP socket is its own until handed over.
 */
public final class ClientHandshake extends AbstractBehavior<ClientHandshake.Command> {
    /** Messages of a client handshake; all its own. */
    public sealed interface Command {}

    private record Negotiated(
            Negotiation.@Nullable Verdict verdict, @Nullable Throwable failure) implements Command {}

    /** @param verdict what is known now; none if nobody was asked */
    private record TcpConnected(
            @Nullable Optional<Negotiation.Verdict> verdict,
            @Nullable Throwable failure) implements Command {}

    /** What the connection is to offer: known now that its local address is. */
    private record Worded(
            @Nullable Optional<ClcProposal> proposal,
            @Nullable Throwable failure) implements Command {}

    private record Read(
            @Nullable ClcReadResult result, @Nullable Throwable failure) implements Command {}

    /** The server speaks of a gateway: how our port reaches its. */
    private record RouteFound(Way way) implements Command {}

    private record Granted(LinkGroupRegistry.Granted granted) implements Command {}

    private record Joined(JoinReply reply) implements Command {}

    private record ConfirmSent(@Nullable Throwable failure) implements Command {}

    private record DeclineSent(FallbackReason reason) implements Command {}

    private record Claimed(boolean claimed) implements Command {}

    private record Handle(SmcChannel channel) implements Command {}

    /** The link group's actor has stopped: what it was told last may never have been read. */
    private record GroupGone() implements Command {}

    /** The connection's actor has stopped: it may never have taken the socket. */
    private record ConnectionGone() implements Command {}

    private enum Waiting {
        FOR_TCP,
        FOR_ACCEPT,
        FOR_GROUP,
        FOR_LINK,
        FOR_DECLINE,
        FOR_HANDLE
    }

    /**
     * What a handshake needs.
     *
     * @param node the node
     * @param registry of link groups
     * @param readiness for fallback connections
     * @param negotiation how to know what the server speaks
     * @param remote the server
     * @param options how to connect
     */
    public record Spec(
            NodeContext node,
            ActorRef<LinkGroupRegistry.Command> registry,
            TcpReadiness readiness,
            Negotiation negotiation,
            InetSocketAddress remote,
            ConnectOptions options) {}

    private final Spec spec;
    private final Offers offers;
    private final ClcStream stream;
    private final Consumer<Outcome> outcome;
    private final Optional<Opening> opening;
    private Waiting waiting = Waiting.FOR_TCP;
    private boolean delivered;
    private long connection;
    private @Nullable FallbackReason withoutSmc;
    private Negotiation.@Nullable Verdict verdict;
    private @Nullable CompletionStage<Negotiation.Verdict> preparing;
    private @Nullable ClcProposal offered;
    /** Of the last PROPOSAL or ACCEPT: a server that knows version 1 only can read no other DECLINE. */
    private int clcVersion = Offers.VERSION;

    private Answer.@Nullable Accepted accepted;
    private @Nullable ActorRef<LinkGroup.Command> group;
    private @Nullable ActorRef<Connection.Command> activated;
    private String failedDetail = "";

    /** @param outcome hears once how it ended; must only pass it on */
    public static Behavior<Command> create(Spec spec, ClcStream stream, Consumer<Outcome> outcome) {
        return Behaviors.setup(context -> new ClientHandshake(context, spec, stream, outcome));
    }

    private ClientHandshake(ActorContext<Command> context, Spec spec, ClcStream stream, Consumer<Outcome> outcome) {
        super(context);
        this.spec = spec;
        this.offers = new Offers(spec.node());
        this.stream = stream;
        this.outcome = outcome;
        this.opening = offers.opening(spec.options().transport());
        if (spec.options().transport() == TransportPreference.TCP) {
            withoutSmc = FallbackReasons.of(DiagnosisCode.NOSMCDEV, "this connection was asked to use TCP only");
            connect();
        } else {
            preparing = spec.negotiation()
                    .prepare(stream, spec.remote(), spec.options().localAddress(), opening);
            context.pipeToSelf(preparing, Negotiated::new);
        }
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
            case Negotiated n -> onNegotiated(n);
            case TcpConnected c -> onTcp(c);
            case Worded w -> onWorded(w);
            case Read r -> onRead(r);
            case RouteFound f -> onRouteFound(f.way());
            case Granted g -> onGranted(g.granted());
            case Joined j -> onJoined(j.reply());
            case ConfirmSent c -> onConfirmSent(c.failure());
            case DeclineSent d -> fallBack(d.reason());
            case Claimed c -> onClaimed(c.claimed());
            case Handle h -> deliver(new Outcome.Ready(h.channel()));
            case GroupGone g -> onGroupGone();
            case ConnectionGone g -> onConnectionGone();
        }
        return delivered ? Behaviors.stopped() : this;
    }

    // ---- TCP and PROPOSAL ----

    private void onNegotiated(Negotiated negotiated) {
        Negotiation.Verdict result = negotiated.verdict();
        if (result == null) {
            fail(exception(negotiated.failure(), "preparing to connect failed"));
            return;
        }
        verdict = result;
        preparing = null;
        connect();
    }

    private void connect() {
        Negotiation.Verdict asked = verdict == null ? null : verdict.connecting();
        verdict = asked;
        Optional<InetSocketAddress> local = asked != null && asked.bound()
                ? Optional.empty()
                : spec.options().localAddress();
        CompletionStage<Done> connected =
                stream.connect(spec.remote(), local, spec.options().connectTimeout());
        // Announced at once, before any turn of this actor: the listener may wait for it.
        getContext()
                .pipeToSelf(
                        connected.thenApply(done -> Optional.ofNullable(asked).map(this::connected)),
                        TcpConnected::new);
    }

    private Negotiation.Verdict connected(Negotiation.Verdict asked) {
        try {
            return asked.connected(stream);
        } catch (SmcException e) {
            throw new CompletionException(e);
        }
    }

    private void onTcp(TcpConnected connected) {
        Optional<Negotiation.Verdict> known = connected.verdict();
        if (known == null) {
            fail(exception(connected.failure(), "no TCP connection to " + spec.remote()));
            return;
        }
        verdict = known.orElse(null);
        if (verdict != null && !verdict.speaksSmc()) {
            withoutSmc = FallbackReasons.of(DiagnosisCode.PEERNOSMC, verdict.detail());
        }
        if (withoutSmc != null) {
            fallBack(withoutSmc);
        } else if (verdict != null && verdict.announced()) {
            getContext()
                    .pipeToSelf(
                            verdict.claimed(
                                    stream,
                                    spec.readiness(),
                                    spec.node().settings().clc().timeout()),
                            (claimed, failure) -> new Claimed(failure == null && claimed));
        } else if (verdict != null && verdict.byOption()) {
            onOption();
        } else {
            propose();
        }
    }

    /** Not a CLC byte goes to a server whose SYN-ACK did not ask for them. */
    private void onOption() {
        try {
            switch (stream.takeOption()) {
                case PEER_SPEAKS_SMC -> propose();
                case PEER_IS_PLAIN_TCP ->
                    fallBack(FallbackReasons.of(
                            DiagnosisCode.PEERNOSMC, "the server's SYN-ACK did not carry the TCP option of SMC"));
                case WANTED, NONE ->
                    fallBack(FallbackReasons.of(
                            DiagnosisCode.PEERNOSMC,
                            "the BPF program that carries the TCP option is not attached (any more) to the control group of this"
                                    + " process: run 'smc4j doctor', then 'smc4j enable-tcp-option' as root"));
            }
        } catch (SmcException e) {
            fail(e);
        }
    }

    private void onClaimed(boolean claimed) {
        if (claimed && verdict != null && verdict.proposed().isPresent()) {
            awaitAccept(verdict.proposed().get());
        } else if (claimed) {
            propose();
        } else {
            fallBack(FallbackReasons.of(
                    DiagnosisCode.PEERNOSMC,
                    "a listener record was found, but the server that accepted did not claim the connection"));
        }
    }

    private void propose() {
        if (opening.isEmpty()) {
            decline(
                    DiagnosisCode.NOSMCDEV,
                    "no device for " + spec.options().transport().label() + " is usable here");
            return;
        }
        Opening wanted = opening.get();
        InetAddress local = stream.localAddress().getAddress();
        if (wanted.asksForSubnets()) {
            getContext()
                    .pipeToSelf(
                            CompletableFuture.supplyAsync(
                                    () -> wanted.from(local), spec.node().blocking()),
                            Worded::new);
        } else {
            send(wanted.from(local));
        }
    }

    private void onWorded(Worded worded) {
        Optional<ClcProposal> proposal = worded.proposal();
        if (proposal == null) {
            fail(exception(worded.failure(), "PROPOSAL could not be made"));
        } else {
            send(proposal);
        }
    }

    private void send(Optional<ClcProposal> proposal) {
        if (proposal.isEmpty()) {
            clcVersion = 1; // the only one that was to be offered
            decline(
                    DiagnosisCode.CNFERR,
                    "SMC version 1 tells the server our IP subnet, and no network interface has one for "
                            + stream.localAddress().getAddress()
                            + " (IPv6: one that is not link-local); give the interface such an"
                            + " address, or allow version 2 (smc4j.versions)");
            return;
        }
        stream.writeMessage(proposal.get()).whenComplete((done, failure) -> {});
        awaitAccept(proposal.get());
    }

    private void awaitAccept(ClcProposal proposal) {
        offered = proposal;
        clcVersion = proposal.version();
        waiting = Waiting.FOR_ACCEPT;
        read(spec.node().settings().clc().timeout());
    }

    private void read(Duration timeout) {
        getContext().pipeToSelf(stream.readMessage(timeout), Read::new);
    }

    // ---- ACCEPT ----

    private void onRead(Read read) {
        if (waiting == Waiting.FOR_DECLINE) {
            onLateDecline(read.result());
            return;
        }
        switch (read.result()) {
            case null -> fail(exception(read.failure(), "reading the answer to PROPOSAL failed"));
            case ClcReadResult.Message m -> onAnswer(m.message());
            case ClcReadResult.Timeout t ->
                fail(new SmcException(
                        SmcException.Category.RETRY,
                        "the server " + spec.remote() + " did not answer PROPOSAL within "
                                + spec.node().settings().clc().timeout() + ": is it an SMC server?"));
            case ClcReadResult.Closed c ->
                fail(new SmcException(
                        SmcException.Category.RECONNECT,
                        "the server " + spec.remote() + " ended the handshake: " + c.how()));
            case ClcReadResult.Violation v ->
                fail(new SmcException(
                        SmcException.Category.RECONNECT,
                        "the server " + spec.remote() + " broke the protocol: "
                                + v.violation().getMessage()));
        }
    }

    private void onAnswer(ClcMessage message) {
        ClcProposal proposal = offered;
        if (proposal == null) {
            throw new IllegalStateException("an answer before PROPOSAL: a bug");
        }
        clcVersion = switch (message) {
            case ClcAcceptSmcr a -> Math.min(a.version(), Offers.VERSION);
            case ClcAcceptSmcd a -> Math.min(a.version(), Offers.VERSION);
            default -> clcVersion;
        };
        switch (Answer.of(message, proposal, spec.node().settings().smcR())) {
            case Answer.Declined d -> fallBack(FallbackReasons.declined(d.message()));
            case Answer.Unacceptable u -> decline(u.reason(), u.detail());
            case Answer.Unexpected u ->
                fail(new SmcException(
                        SmcException.Category.RECONNECT,
                        "the server " + spec.remote() + " answered PROPOSAL with " + u.what()
                                + ", not ACCEPT or DECLINE"));
            case Answer.Accepted a -> {
                accepted = a;
                waiting = Waiting.FOR_GROUP;
                Optional<CompletionStage<Way>> route = a instanceof Answer.SmcR r && r.overGateway()
                        ? offers.route(r.accept().endpoint().gid())
                        : Optional.empty();
                if (route.isEmpty()) {
                    acquire(a);
                } else {
                    getContext().pipeToSelf(route.get(), (way, failure) -> new RouteFound(way));
                }
            }
        }
    }

    private void acquire(Answer.Accepted a) {
        spec.registry()
                .tell(new LinkGroupRegistry.ForServer(
                        a.key(),
                        a.limits(),
                        a.firstContact(),
                        a.queuePair(),
                        getContext().messageAdapter(LinkGroupRegistry.Granted.class, Granted::new)));
    }

    /** Where one end goes over a gateway and the other does not, they would look for each other in different places. */
    private void onRouteFound(Way way) {
        switch (way) {
            case DIRECT ->
                decline(
                        DiagnosisCode.NOINDIRECT,
                        "the server reaches our RoCE port over a gateway, but our route to its port is direct: make the routes agree");
            case NONE ->
                decline(
                        DiagnosisCode.NOROUTE,
                        "the server reaches our RoCE port over a gateway, and this host has no route to its port: add one");
            case GATEWAY, UNKNOWN -> acquire(acceptance());
        }
    }

    private void onGranted(LinkGroupRegistry.Granted granted) {
        ActorRef<LinkGroup.Command> found = granted.group();
        if (found == null) {
            decline(
                    DiagnosisCode.SYNCERR,
                    "the server means a link group that this node does not have (any more); it will make a new one");
            return;
        }
        group = found;
        getContext().watchWith(found, new GroupGone());
        var addresses = new JoinRequest.Addresses(stream.localAddress(), stream.remoteAddress());
        JoinRequest request = acceptance().request(addresses);
        found.tell(new LinkGroup.Join(request, getContext().messageAdapter(JoinReply.class, Joined::new)));
    }

    // ---- the link group answers; CONFIRM ----

    private void onJoined(JoinReply reply) {
        if (group == null) {
            return; // it failed already, or its group is gone
        }
        switch (reply) {
            case JoinReply.Offered o -> confirm(o);
            case JoinReply.Refused r -> {
                group = null;
                decline(r.reason(), r.detail());
            }
            case JoinReply.Failed f -> onFailed(f.reason(), f.detail());
            case JoinReply.Connected c -> {
                waiting = Waiting.FOR_HANDLE;
                SocketChannel socket = stream.handOver().socket();
                activated = c.connection();
                getContext().watchWith(c.connection(), new ConnectionGone());
                c.connection()
                        .tell(new Connection.Activate(
                                socket, spec.readiness(), getContext().messageAdapter(SmcChannel.class, Handle::new)));
            }
        }
    }

    private void confirm(JoinReply.Offered offered) {
        connection = offered.connection();
        waiting = Waiting.FOR_LINK;
        ClcMessage message = acceptance().confirm(offered.offer(), offers);
        getContext().pipeToSelf(stream.writeMessage(message), (done, failure) -> new ConfirmSent(failure));
    }

    /**
     * Only now may the link group hand the connection out: an application that closed it at once would else end the TCP
     * connection before CONFIRM is on its way.
     */
    private void onConfirmSent(@Nullable Throwable failure) {
        ActorRef<LinkGroup.Command> joined = group;
        if (failure != null) {
            fail(exception(failure, "CONFIRM could not be sent"));
        } else if (joined != null) {
            joined.tell(new LinkGroup.ConfirmSent(connection));
        }
    }

    private Answer.Accepted acceptance() {
        Answer.Accepted answer = accepted;
        if (answer == null) {
            throw new IllegalStateException("a group was granted without ACCEPT: a bug");
        }
        return answer;
    }

    private void onGroupGone() {
        if (group == null || waiting == Waiting.FOR_HANDLE) {
            return; // it had said so itself, or is not needed any more
        }
        // Before an offer the server is told that this link group is not there: it must not name it again.
        onFailed(
                waiting == Waiting.FOR_GROUP ? DiagnosisCode.SYNCERR : DiagnosisCode.INTERR,
                "the link group ended meanwhile");
    }

    private void onConnectionGone() {
        if (delivered) {
            return;
        }
        stream.resetHandedOver();
        fail(new SmcException(
                SmcException.Category.RECONNECT,
                "connecting to " + spec.remote() + ": the connection ended before it could be used"));
    }

    private void onFailed(DiagnosisCode reason, String detail) {
        group = null;
        failedDetail = detail;
        if (waiting == Waiting.FOR_LINK) {
            // CONFIRM is out, so the server, whose link fails too, declines or has declined. Were a DECLINE sent from
            // here
            // as well, the two could cross, and each would end up in the other's application's data.
            waiting = Waiting.FOR_DECLINE;
            read(longestServerTakesToDecline());
        } else if (waiting == Waiting.FOR_HANDLE) {
            fail(new SmcException(SmcException.Category.RECONNECT, "connecting to " + spec.remote() + ": " + detail));
        } else {
            decline(reason, detail);
        }
    }

    /** It may notice the failure only by its own wait for CONFIRM LINK, and then looks for our DECLINE first. */
    private Duration longestServerTakesToDecline() {
        var settings = spec.node().settings();
        return settings.llc().clientConfirmLinkWait().plus(settings.clc().declineWait());
    }

    /** Without a DECLINE nobody knows whether one is still on its way: TCP cannot be given to the application. */
    private void onLateDecline(@Nullable ClcReadResult result) {
        switch (result) {
            case ClcReadResult.Message m
            when m.message() instanceof ClcDecline d -> fallBack(FallbackReasons.declined(d));
            case null, default ->
                fail(new SmcException(
                        SmcException.Category.RECONNECT, "connecting to " + spec.remote() + ": " + failedDetail));
        }
    }

    // ---- ends ----

    /** The DECLINE goes first: not a byte of the application's may overtake it. */
    private void decline(DiagnosisCode reason, String detail) {
        FallbackReason fallback = FallbackReasons.of(reason, detail);
        getContext()
                .pipeToSelf(
                        stream.writeMessage(
                                ClcDecline.of(clcVersion, spec.node().identity().peerId(), reason)),
                        (done, failure) -> new DeclineSent(fallback));
    }

    private void fallBack(FallbackReason reason) {
        getContext().getLog().info("connection to {} falls back to TCP: {}", spec.remote(), reason);
        try {
            deliver(new Outcome.Ready(FallbackConnection.over(
                    stream, spec.readiness(), reason, spec.node().settings().close())));
        } catch (SmcException e) {
            deliver(new Outcome.Failed(e));
        }
    }

    private void fail(SmcException reason) {
        ActorRef<LinkGroup.Command> joined = group;
        if (joined != null) {
            joined.tell(new LinkGroup.HandshakeOver(connection, String.valueOf(reason.getMessage())));
            group = null;
        }
        stream.reset(); // the server may have fallen back by now: its application must not take this for the end of
        // the data
        deliver(new Outcome.Failed(reason));
    }

    private void deliver(Outcome result) {
        if (!delivered) {
            delivered = true;
            if (verdict != null) {
                verdict.close();
            }
            outcome.accept(result);
        }
    }

    private Behavior<Command> onPostStop() {
        CompletionStage<Negotiation.Verdict> coming = preparing;
        if (coming != null) {
            var _ = coming.thenAccept(Negotiation.Verdict::close); // its message finds nobody any more
        }
        if (!delivered) {
            endActivated();
            fail(new SmcException(
                    SmcException.Category.RETRY,
                    "connecting to " + spec.remote() + " was stopped: its handshake failed, or the node shuts down"));
        }
        return this;
    }

    private static SmcException exception(@Nullable Throwable failure, String what) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof SmcException smc
                ? smc
                : new SmcException(
                        SmcException.Category.RETRY, what + ": " + (cause == null ? "unknown" : cause.getMessage()));
    }

    /** Its handle would come to nobody. If it has stopped meanwhile, it may never have taken the socket. */
    private void endActivated() {
        ActorRef<Connection.Command> nobodys = activated;
        if (nobodys != null) {
            nobodys.tell(new Connection.Kill(AbortCause.APPLICATION_ABORT, "its handshake was stopped"));
            stream.resetHandedOver();
        }
    }
}
