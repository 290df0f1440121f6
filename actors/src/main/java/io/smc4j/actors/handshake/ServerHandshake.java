package io.smc4j.actors.handshake;

import io.smc4j.FallbackReason;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.TransportPreference;
import io.smc4j.actors.connection.Connection;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.JoinRequest;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.group.LocalOffer;
import io.smc4j.actors.node.NodeContext;
import io.smc4j.actors.tcp.ClcReadResult;
import io.smc4j.actors.tcp.ClcStream;
import io.smc4j.actors.tcp.Recognition;
import io.smc4j.actors.tcp.TcpReadiness;
import io.smc4j.protocol.clc.ClcAcceptSmcd;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcd;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.clc.ProposalPrefixes;
import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.route.Way;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * Takes one accepted TCP connection from its first byte to a connection that the application can have: recognises what the
 * client is, answers its PROPOSAL, finds it a place in a link group, or falls back.
 *
 * <p>Gone when it has delivered its {@link Outcome}. The TCP socket is its own until handed over.
 */
final class ServerHandshake extends AbstractBehavior<ServerHandshake.Command> {
    sealed interface Command {}

    private record Recognised(
            @Nullable Recognition result, @Nullable Throwable failure) implements Command {}

    private record Read(
            @Nullable ClcReadResult result, @Nullable Throwable failure) implements Command {}

    /** Version 1: whether client and server are in one IP subnet. */
    private record SubnetsCompared(@Nullable Boolean shared) implements Command {}

    /** Version 2: how our port reaches the client's. */
    private record RouteFound(Way way) implements Command {}

    private record Granted(LinkGroupRegistry.Granted granted) implements Command {}

    private record Joined(JoinReply reply) implements Command {}

    private record DeclineSent(FallbackReason reason) implements Command {}

    private record Handle(SmcChannel channel) implements Command {}

    /** A link group's actor has stopped: what it was told last may never have been read. */
    private record GroupGone(ActorRef<LinkGroup.Command> which) implements Command {}

    /** The connection's actor has stopped: it may never have taken the socket. */
    private record ConnectionGone() implements Command {}

    private enum Waiting {
        FOR_PROPOSAL,
        FOR_GROUP,
        FOR_CONFIRM,
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
     * @param transport what the listener allows
     * @param client what is known of the client
     * @param onlyTcp the listener allows nothing else: no byte is looked at
     */
    record Spec(
            NodeContext node,
            ActorRef<LinkGroupRegistry.Command> registry,
            TcpReadiness readiness,
            TransportPreference transport,
            ClientKind client,
            boolean onlyTcp) {}

    private static final int MOST_GROUPS_TRIED = 3;

    private final Spec spec;
    private final Offers offers;
    private final ClcStream stream;
    private final Consumer<Outcome> outcome;
    private final Set<ActorRef<LinkGroup.Command>> refusedBy = new HashSet<>();
    private Waiting waiting = Waiting.FOR_PROPOSAL;
    private boolean delivered;
    private long connection;
    private @Nullable ClcProposal proposal;
    private @Nullable Selection selection;
    private @Nullable Candidate candidate;
    private @Nullable ActorRef<LinkGroup.Command> group;
    private @Nullable LocalOffer offer;
    private @Nullable Trouble pending;
    private Optional<FirstContactExtension> agreed = Optional.empty();
    private @Nullable ActorRef<Connection.Command> activated;

    /** @param outcome hears once how it ended; must only pass it on */
    static Behavior<Command> create(Spec spec, ClcStream stream, Consumer<Outcome> outcome) {
        return Behaviors.setup(context -> new ServerHandshake(context, spec, stream, outcome));
    }

    private ServerHandshake(ActorContext<Command> context, Spec spec, ClcStream stream, Consumer<Outcome> outcome) {
        super(context);
        this.spec = spec;
        this.offers = new Offers(spec.node());
        this.stream = stream;
        this.outcome = outcome;
        if (spec.onlyTcp()) {
            context.getSelf()
                    .tell(new DeclineSent(
                            FallbackReasons.of(DiagnosisCode.NOSMCDEV, "this listener is configured for TCP only")));
            return;
        }
        if (spec.client() == ClientKind.PLAIN_TCP) {
            context.getSelf()
                    .tell(new DeclineSent(FallbackReasons.of(
                            DiagnosisCode.PEERNOSMC, "the client's SYN did not carry the TCP option of SMC")));
            return;
        }
        Duration clc = spec.node().settings().clc().timeout();
        Duration first = spec.client() == ClientKind.SPEAKS_SMC
                ? clc
                : spec.node().settings().negotiation().recognitionTimeout();
        context.pipeToSelf(stream.recognise(first, clc), Recognised::new);
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
            case Recognised r -> onRecognised(r);
            case Read r -> onRead(r);
            case SubnetsCompared c -> onSubnetsCompared(Boolean.TRUE.equals(c.shared()));
            case RouteFound f -> onRouteFound(f.way());
            case Granted g -> onGranted(g.granted());
            case Joined j -> onJoined(j.reply());
            case DeclineSent d -> fallBack(d.reason());
            case Handle h -> deliver(new Outcome.Ready(h.channel()));
            case GroupGone g -> onGroupGone(g.which());
            case ConnectionGone g -> onConnectionGone();
        }
        return delivered ? Behaviors.stopped() : this;
    }

    // ---- the first message ----

    private void onRecognised(Recognised recognised) {
        switch (recognised.result()) {
            case null -> refuse("reading failed: " + recognised.failure());
            case Recognition.OrdinaryTcp r ->
                fallBack(FallbackReasons.of(
                        DiagnosisCode.PEERNOSMC, "the client is an ordinary TCP client: it sent no CLC message"));
            case Recognition.NoBytes r -> {
                if (spec.client() == ClientKind.SPEAKS_SMC) {
                    refuse("the client announced SMC, but sent no PROPOSAL in time");
                } else {
                    fallBack(
                            FallbackReasons.of(
                                    DiagnosisCode.PEERNOSMC,
                                    "the client neither announced SMC nor sent anything, so it is taken for an ordinary TCP client"));
                }
            }
            case Recognition.Gone r -> refuse(r.how());
            case Recognition.Smc r -> onFirstMessage(r.result());
        }
    }

    private void onFirstMessage(ClcReadResult result) {
        switch (result) {
            case ClcReadResult.Message m -> {
                switch (m.message()) {
                    case ClcProposal p -> onProposal(p);
                    case ClcDecline d -> fallBack(FallbackReasons.declined(d));
                    case ClcAcceptSmcr a -> refuse("the first message was ACCEPT, not PROPOSAL");
                    case ClcAcceptSmcd a -> refuse("the first message was ACCEPT, not PROPOSAL");
                    case ClcConfirmSmcr c -> refuse("the first message was CONFIRM, not PROPOSAL");
                    case ClcConfirmSmcd c -> refuse("the first message was CONFIRM, not PROPOSAL");
                }
            }
            case ClcReadResult.Timeout t ->
                refuse("the PROPOSAL stopped after " + t.bytesRead() + " bytes and was not completed in time");
            case ClcReadResult.Closed c -> refuse(c.how() + " after " + c.bytesRead() + " bytes of its PROPOSAL");
            case ClcReadResult.Violation v ->
                refuse(String.valueOf(v.violation().getMessage()));
        }
    }

    // ---- selection ----

    private void onProposal(ClcProposal message) {
        proposal = message;
        selection = new Selection(message, offers, spec.transport());
        tryNext();
    }

    private void tryNext() {
        waiting = Waiting.FOR_GROUP;
        refusedBy.clear();
        Candidate next = required(selection).next();
        candidate = next;
        switch (next) {
            case null -> {
                Trouble trouble = required(selection).trouble();
                decline(trouble.reason(), trouble.detail());
            }
            case Candidate.SmcRVersion1 c -> compareSubnets(c.prefixes());
            case Candidate.SmcD c -> acquire();
            case Candidate.SmcR c -> {
                Optional<CompletionStage<Way>> route = offers.route(c.key().gid());
                if (route.isEmpty()) {
                    acquire();
                } else {
                    getContext().pipeToSelf(route.get(), (way, failure) -> new RouteFound(way));
                }
            }
        }
    }

    private void compareSubnets(ProposalPrefixes prefixes) {
        InetAddress own = stream.localAddress().getAddress();
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                () -> Subnets.around(own)
                                        .filter(prefixes::sharedBy)
                                        .isPresent(),
                                spec.node().blocking()),
                        (shared, failure) -> new SubnetsCompared(shared));
    }

    private void onSubnetsCompared(boolean shared) {
        if (shared) {
            acquire();
        } else {
            failed(
                    DiagnosisCode.DIFFPREFIX,
                    "SMC version 1 connects ends in one IP subnet only, and no address of this end's network interface is in the subnet"
                            + " that the client names");
        }
    }

    private void onRouteFound(Way way) {
        if (way == Way.NONE) {
            failed(
                    DiagnosisCode.NOROUTE,
                    "the client's RoCE port is at "
                            + required(required(proposal).v2().orElse(null)).roceGid()
                            + ", and this host has no route there: add one from its own RoCE address");
            return;
        }
        if (way == Way.GATEWAY && candidate instanceof Candidate.SmcR c) {
            candidate = c.overGateway();
        }
        acquire();
    }

    /** The candidate is none, on to the next. */
    private void failed(DiagnosisCode reason, String detail) {
        required(selection).failed(new Trouble(reason, detail));
        tryNext();
    }

    private void acquire() {
        spec.registry()
                .tell(new LinkGroupRegistry.ForClient(
                        required(candidate).key(),
                        required(candidate).limits(),
                        refusedBy,
                        getContext().messageAdapter(LinkGroupRegistry.Granted.class, Granted::new)));
    }

    private void onGranted(LinkGroupRegistry.Granted granted) {
        ActorRef<LinkGroup.Command> found = granted.group();
        if (found == null) {
            decline(DiagnosisCode.INTERR, "this node shuts down");
            return;
        }
        group = found;
        getContext().watchWith(found, new GroupGone(found));
        var addresses = new JoinRequest.Addresses(stream.localAddress(), stream.remoteAddress());
        JoinRequest request = required(candidate).request(addresses);
        found.tell(new LinkGroup.Join(request, getContext().messageAdapter(JoinReply.class, Joined::new)));
    }

    // ---- the link group answers ----

    private void onJoined(JoinReply reply) {
        if (group == null) {
            return; // it failed already, or its group is gone
        }
        switch (reply) {
            case JoinReply.Offered o -> accept(o);
            case JoinReply.Refused r -> onRefused(r);
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

    private void onGroupGone(ActorRef<LinkGroup.Command> which) {
        if (!which.equals(group) || waiting == Waiting.FOR_HANDLE) {
            return; // it had said so itself, or is not needed any more
        }
        if (waiting == Waiting.FOR_GROUP) {
            onRefused(new JoinReply.Refused(DiagnosisCode.NOACTLINK, "the link group ended meanwhile", true));
        } else {
            onFailed(DiagnosisCode.INTERR, "the link group ended meanwhile");
        }
    }

    private void onConnectionGone() {
        if (delivered) {
            return;
        }
        stream.resetHandedOver();
        refuse("the connection ended before it could be used");
    }

    private void onRefused(JoinReply.Refused refused) {
        ActorRef<LinkGroup.Command> by = group;
        group = null;
        if (refused.tryAnother() && by != null && refusedBy.size() < MOST_GROUPS_TRIED) {
            refusedBy.add(by);
            acquire();
        } else {
            failed(refused.reason(), refused.detail());
        }
    }

    private void accept(JoinReply.Offered offered) {
        connection = offered.connection();
        offer = offered.offer();
        agreed = offered.offer().firstContact() ? required(candidate).firstContact(offers) : Optional.empty();
        ClcMessage message = required(candidate).accept(offered.offer(), agreed);
        waiting = Waiting.FOR_CONFIRM;
        stream.writeMessage(message);
        read(spec.node().settings().clc().timeout());
    }

    private void read(Duration timeout) {
        getContext().pipeToSelf(stream.readMessage(timeout), Read::new);
    }

    private void onRead(Read read) {
        if (waiting == Waiting.FOR_DECLINE) {
            onLateDecline(read.result());
            return;
        }
        switch (read.result()) {
            case null -> drop("reading failed: " + read.failure());
            case ClcReadResult.Message m -> onConfirm(m.message());
            case ClcReadResult.Timeout t -> drop("CONFIRM did not come in time");
            case ClcReadResult.Closed c -> drop(c.how() + " before its CONFIRM");
            case ClcReadResult.Violation v -> drop(String.valueOf(v.violation().getMessage()));
        }
    }

    private void onConfirm(ClcMessage message) {
        ActorRef<LinkGroup.Command> joined = group;
        LocalOffer own = offer;
        switch (message) {
            case ClcDecline d -> {
                if (joined != null) {
                    if (d.diagnosis() == DiagnosisCode.SYNCERR.code()) {
                        joined.tell(new LinkGroup.Terminate(TerminationCause.OUT_OF_SYNC));
                    }
                }
                leaveGroup("the client declined");
                fallBack(FallbackReasons.declined(d));
            }
            case ClcConfirmSmcr c
            when own instanceof LocalOffer.Smcr o
                    && c.firstContact() == o.firstContact()
                    && Math.min(c.version(), Offers.VERSION)
                            == required(candidate).version() -> {
                if (confirmed(c.extension()) && joined != null) {
                    joined.tell(new LinkGroup.PeerSmcr(connection, c.endpoint()));
                }
            }
            case ClcConfirmSmcd c
            when own instanceof LocalOffer.Smcd o
                    && c.firstContact() == o.firstContact()
                    && c.selection().isPresent() -> {
                if (confirmed(c.extension()) && joined != null) {
                    joined.tell(new LinkGroup.PeerSmcd(
                            connection,
                            c.endpoint(),
                            new IsmGid(
                                    c.endpoint().ismGid(), c.selection().get().ismGidExtension())));
                }
            }
            default -> drop("the answer to ACCEPT was " + message.type() + " of another kind than was accepted");
        }
    }

    /** What failed while CONFIRM was awaited is told to the client now that it came. */
    private boolean confirmed(Optional<FirstContactExtension> theirs) {
        Trouble failed = pending;
        if (failed != null) {
            decline(failed.reason(), failed.detail());
            return false;
        }
        Optional<Trouble> difference = agreed.flatMap(own -> Trouble.difference(own, theirs));
        if (difference.isPresent()) {
            leaveGroup(difference.get().detail());
            decline(difference.get().reason(), difference.get().detail());
            return false;
        }
        waiting = Waiting.FOR_LINK;
        return true;
    }

    /** After a failure of the link: the client may have declined at the same time; both must know before TCP goes on. */
    private void onFailed(DiagnosisCode reason, String detail) {
        group = null;
        switch (waiting) {
            case FOR_CONFIRM -> pending = new Trouble(reason, detail);
            case FOR_LINK -> {
                waiting = Waiting.FOR_DECLINE;
                pending = new Trouble(reason, detail);
                read(spec.node().settings().clc().declineWait());
            }
            case FOR_PROPOSAL, FOR_GROUP, FOR_DECLINE -> decline(reason, detail);
            case FOR_HANDLE ->
                deliver(new Outcome.Failed(new SmcException(
                        SmcException.Category.RECONNECT,
                        "the connection from " + stream.remoteAddress() + " " + detail)));
        }
    }

    private void onLateDecline(@Nullable ClcReadResult result) {
        Trouble failed = required(pending);
        switch (result) {
            case null -> refuse(failed.detail());
            case ClcReadResult.Message m
            when m.message() instanceof ClcDecline d -> fallBack(FallbackReasons.declined(d));
            case ClcReadResult.Timeout t when t.bytesRead() == 0 -> decline(failed.reason(), failed.detail());
            default -> refuse(failed.detail() + "; and what the client sent then was no DECLINE");
        }
    }

    // ---- ends ----

    /** The DECLINE goes first: not a byte of the application's may overtake it. */
    private void decline(DiagnosisCode reason, String detail) {
        FallbackReason fallback = FallbackReasons.of(reason, detail);
        getContext()
                .pipeToSelf(
                        stream.writeMessage(ClcDecline.of(
                                clcVersion(), spec.node().identity().peerId(), reason)),
                        (done, failure) -> new DeclineSent(fallback));
    }

    /** As that of the PROPOSAL: a client that knows version 1 only can read no other DECLINE. */
    private int clcVersion() {
        return proposal == null ? Offers.VERSION : Math.min(proposal.version(), Offers.VERSION);
    }

    private void fallBack(FallbackReason reason) {
        getContext().getLog().info("connection from {} falls back to TCP: {}", stream.remoteAddress(), reason);
        try {
            deliver(new Outcome.Ready(FallbackConnection.over(
                    stream, spec.readiness(), reason, spec.node().settings().close())));
        } catch (SmcException e) {
            deliver(new Outcome.Failed(e));
        }
    }

    /** In the middle of the handshake: the link group gives the place up. */
    private void drop(String why) {
        leaveGroup(why);
        refuse(why);
    }

    private void leaveGroup(String why) {
        ActorRef<LinkGroup.Command> joined = group;
        if (joined != null) {
            joined.tell(new LinkGroup.HandshakeOver(connection, why));
            group = null;
        }
    }

    private void refuse(String why) {
        String text = "connection from " + stream.remoteAddress() + " was refused: " + why;
        getContext().getLog().warn(text);
        stream.reset(); // the client may have fallen back by now: its application must not take this for the end of
        // the data
        deliver(new Outcome.Failed(new SmcException(SmcException.Category.RECONNECT, text)));
    }

    private void deliver(Outcome result) {
        if (!delivered) {
            delivered = true;
            outcome.accept(result);
        }
    }

    /** Stopped from above, or failed: nobody is left waiting. */
    private Behavior<Command> onPostStop() {
        if (!delivered) {
            endActivated();
            drop("its handshake was stopped");
        }
        return this;
    }

    /** Its handle would come to nobody. If it has stopped meanwhile, it may never have taken the socket. */
    private void endActivated() {
        ActorRef<Connection.Command> nobodys = activated;
        if (nobodys != null) {
            nobodys.tell(new Connection.Kill(AbortCause.UNACCEPTED, "its handshake was stopped"));
            stream.resetHandedOver();
        }
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a handshake went on without what an earlier step gives: a bug");
        }
        return value;
    }
}
