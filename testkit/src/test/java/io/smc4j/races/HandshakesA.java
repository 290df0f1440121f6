package io.smc4j.races;

import io.smc4j.BindOptions;
import io.smc4j.ConnectOptions;
import io.smc4j.SmcServerChannel;
import io.smc4j.TransportPreference;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.group.LocalOffer;
import io.smc4j.actors.handshake.ClientHandshake;
import io.smc4j.actors.handshake.Listener;
import io.smc4j.actors.handshake.Negotiation;
import io.smc4j.actors.handshake.Outcome;
import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.actors.tcp.ClcStream;
import io.smc4j.actors.tcp.TcpReadiness;
import io.smc4j.protocol.BufferSizeClass;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.clc.SmcrEndpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** Real handshakes between a TCP peer and a link group, both of which are the test. */
final class HandshakesA implements AutoCloseable {
    static final long CONNECTION = 7;

    final BenchA bench;
    final TestProbe<LinkGroupRegistry.Command> registry;
    final TestProbe<LinkGroup.Command> group;
    final LinkedBlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final TcpReadiness readiness = new TcpReadiness();

    HandshakesA(String... settings) throws Exception {
        bench = new BenchA(
                1,
                2,
                "smc4j.negotiation.recognition-timeout = 10 s\n" + String.join("\n", settings),
                ActorDecorator.NONE);
        registry = bench.kit.createTestProbe(LinkGroupRegistry.Command.class);
        group = bench.kit.createTestProbe(LinkGroup.Command.class);
    }

    ActorRef<ClientHandshake.Command> client(ServerSocket server) throws Exception {
        return client((InetSocketAddress) server.getLocalSocketAddress());
    }

    ActorRef<ClientHandshake.Command> client(InetSocketAddress server) throws Exception {
        return bench.kit.spawn(ClientHandshake.create(
                new ClientHandshake.Spec(
                        bench.node,
                        registry.getRef(),
                        readiness,
                        new Negotiation.Explicit(),
                        server,
                        ConnectOptions.defaults().withTransport(TransportPreference.SMC_R)),
                ClcStream.open(readiness),
                outcomes::add));
    }

    /** A listener and its channel. */
    record Listening(ActorRef<Listener.Command> actor, SmcServerChannel channel) {}

    Listening listen() throws Exception {
        return listen(ActorDecorator.NONE);
    }

    /** @param decorator of the listener's actor */
    Listening listen(ActorDecorator decorator) throws Exception {
        Listener.Bound bound = Listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50, null);
        CompletableFuture<SmcServerChannel> started = new CompletableFuture<>();
        ActorRef<Listener.Command> actor = bench.kit.spawn(decorator.decorate(
                ActorKind.LISTENER,
                Listener.create(
                        new Listener.Spec(
                                bench.node,
                                registry.getRef(),
                                readiness,
                                BindOptions.defaults().withTransport(TransportPreference.SMC_R)),
                        bound,
                        started)));
        return new Listening(actor, started.get(20, TimeUnit.SECONDS));
    }

    /** Grants what a client's handshake asks the registry for. */
    void grantServer(ActorRef<LinkGroup.Command> which, boolean created) {
        registry.expectMessageClass(LinkGroupRegistry.ForServer.class, BenchA.PATIENCE)
                .replyTo()
                .tell(new LinkGroupRegistry.Granted(which, created));
    }

    LinkGroupRegistry.ForClient asked() {
        return registry.expectMessageClass(LinkGroupRegistry.ForClient.class, BenchA.PATIENCE);
    }

    LinkGroup.Join join() {
        return group.expectMessageClass(LinkGroup.Join.class, BenchA.PATIENCE);
    }

    JoinReply.Offered offer(boolean first) {
        SmcrEndpoint own = new SmcrEndpoint(
                bench.node.identity().peerId(),
                BenchA.peerGid(5),
                BenchA.PEER_MAC,
                0x55,
                0x56,
                1,
                0x57,
                BufferSizeClass.atLeast(16 * 1024),
                PathMtu.M1024,
                0x10000,
                1);
        return new JoinReply.Offered(CONNECTION, new LocalOffer.Smcr(first, own));
    }

    Outcome outcome() throws InterruptedException {
        return Objects.requireNonNull(outcomes.poll(20, TimeUnit.SECONDS), "the handshake has no outcome");
    }

    @Override
    public void close() {
        readiness.close();
        bench.close();
    }
}
