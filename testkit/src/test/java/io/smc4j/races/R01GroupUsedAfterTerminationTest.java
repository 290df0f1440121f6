package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcException;
import io.smc4j.Transport;
import io.smc4j.actors.connection.Connection;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.handshake.Outcome;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** the link group ends while a handshake waits for a CLC message, or for the group itself. */
@Timeout(60)
class R01GroupUsedAfterTerminationTest {
    private static <T> ActorRef<T> stopped(BenchA bench) {
        ActorRef<T> actor = bench.kit.spawn(Behaviors.<T>ignore());
        bench.kit.stop(actor);
        return actor;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTellTheHandshakeAndUseNothingThatIsClosed(boolean confirmComesFirst) throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            BenchA.Handshake waiting = bench.joinServer(server.group());
            JoinReply.Offered offered = bench.offered(waiting, server.link1()); // now it waits for CLC CONFIRM
            if (confirmComesFirst) {
                server.group().tell(new LinkGroup.PeerSmcr(offered.connection(), BenchA.peerEnd(2)));
                bench.portDown(server.group(), 1);
                waiting.expect(JoinReply.Connected.class); // and is aborted then
            } else {
                bench.portDown(server.group(), 1);
                waiting.expect(JoinReply.Failed.class);
                server.group().tell(new LinkGroup.PeerSmcr(offered.connection(), BenchA.peerEnd(2)));
                waiting.probe().expectNoMessage(Duration.ofMillis(20));
            }
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
            assertThat(bench.unlisted()).isEqualTo(1);
        }
    }

    @Test
    void shouldDeclineWhenTheGroupEndedBeforeTheClientJoined() throws Exception {
        try (HandshakesA bench = new HandshakesA();
                ServerSocket server = ClcPeerA.listen()) {
            bench.client(server);
            try (ClcPeerA peer = ClcPeerA.accept(server)) {
                peer.expect(ClcProposal.class);
                peer.send(ClcPeerA.accept(false));
                bench.grantServer(stopped(bench.bench), false);
                assertThat(peer.expect(ClcDecline.class).diagnosis())
                        .as("the server must not name that group again")
                        .isEqualTo(DiagnosisCode.SYNCERR.code());
                assertThat(bench.outcome()).isInstanceOf(Outcome.Ready.class);
            }
        }
    }

    @Test
    void shouldTryAnotherGroupWhenItEndedBeforeTheServerJoined() throws Exception {
        try (HandshakesA bench = new HandshakesA()) {
            HandshakesA.Listening listening = bench.listen();
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(ClcPeerA.proposal());
                ActorRef<LinkGroup.Command> dead = stopped(bench.bench);
                bench.asked().replyTo().tell(new LinkGroupRegistry.Granted(dead, false));
                var again = bench.asked();
                assertThat(again.avoid()).containsExactly(dead);
                again.replyTo().tell(new LinkGroupRegistry.Granted(bench.group.getRef(), false));
                bench.join();
            }
        }
    }

    @Test
    void shouldFailTheConnectWhoseConnectionEndsBeforeItTookTheSocket() throws Exception {
        try (HandshakesA bench = new HandshakesA();
                ServerSocket server = ClcPeerA.listen()) {
            bench.client(server);
            try (ClcPeerA peer = ClcPeerA.accept(server)) {
                peer.expect(ClcProposal.class);
                peer.send(ClcPeerA.accept(true));
                bench.grantServer(bench.group.getRef(), true);
                LinkGroup.Join join = bench.join();
                join.replyTo().tell(bench.offer(true));
                peer.expect(ClcConfirmSmcr.class);
                join.replyTo().tell(new JoinReply.Connected(stopped(bench.bench)));
                assertThat(bench.outcome())
                        .isInstanceOfSatisfying(
                                Outcome.Failed.class,
                                failed -> assertThat(failed.reason().category())
                                        .isEqualTo(SmcException.Category.RECONNECT));
                assertThat(peer.rest()).as("the socket is closed").isEmpty();
            }
        }
    }

    @Test
    void shouldCloseTheAcceptedSocketOfAConnectionThatEndsBeforeItTookIt() throws Exception {
        try (HandshakesA bench = new HandshakesA()) {
            HandshakesA.Listening listening = bench.listen();
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(ClcPeerA.proposal());
                bench.asked().replyTo().tell(new LinkGroupRegistry.Granted(bench.group.getRef(), false));
                LinkGroup.Join join = bench.join();
                join.replyTo().tell(bench.offer(false));
                peer.expect(ClcAcceptSmcr.class);
                peer.send(ClcPeerA.confirm(false));
                bench.group.expectMessageClass(LinkGroup.PeerSmcr.class, BenchA.PATIENCE);
                join.replyTo()
                        .tell(new JoinReply.Connected(
                                R01GroupUsedAfterTerminationTest.<Connection.Command>stopped(bench.bench)));
                assertThat(peer.rest()).as("the socket is closed").isEmpty();
            }
            // The place in the backlog is free again: the listener ends at once.
            listening.channel().close();
            bench.bench.awaitStopped(listening.actor());
        }
    }

    @Test
    void shouldGiveFallbackTheSocketWhenTheGroupEndsDuringTheWaitForConfirm() throws Exception {
        try (HandshakesA bench = new HandshakesA()) {
            HandshakesA.Listening listening = bench.listen();
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(ClcPeerA.proposal());
                ActorRef<LinkGroup.Command> dying = bench.bench.kit.spawn(Behaviors.receive(LinkGroup.Command.class)
                        .onMessage(LinkGroup.Join.class, join -> {
                            join.replyTo().tell(bench.offer(false));
                            return Behaviors.stopped(); // without a word to those who wait
                        })
                        .build());
                bench.asked().replyTo().tell(new LinkGroupRegistry.Granted(dying, false));
                peer.expect(ClcAcceptSmcr.class);
                bench.bench.awaitStopped(dying);
                peer.send(ClcPeerA.confirm(false));
                peer.expect(ClcDecline.class);
                var channel = listening.channel().accept().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(channel.info().transport()).isEqualTo(Transport.TCP);
                channel.close();
            }
        }
    }
}
