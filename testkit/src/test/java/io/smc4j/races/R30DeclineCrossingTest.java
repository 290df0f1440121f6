package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.smc4j.SmcChannel;
import io.smc4j.Transport;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.handshake.Outcome;
import io.smc4j.config.SmcSettings;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * CONFIRM LINK is lost, both ends give the link up, and DECLINEs are on their way while TCP is about to be given to the
 * applications. Not a byte of a DECLINE may become data. Waits are a tenth of the defaults, in their proportion.
 */
@Timeout(60)
class R30DeclineCrossingTest {
    private static final String[] WAITS = {
        "smc4j.llc.wait = 200 ms", "smc4j.llc.client-confirm-link-wait = 400 ms", "smc4j.clc.decline-wait = 100 ms"
    };
    private static final JoinReply.Failed TIMED_OUT =
            new JoinReply.Failed(DiagnosisCode.TIMEOUT_CL, "CONFIRM LINK did not arrive in time");

    private static String read(SmcChannel channel, int bytes) throws Exception {
        ByteBuffer target = ByteBuffer.allocate(bytes);
        while (target.hasRemaining() && channel.read(target) >= 0) {
            // until it is full
        }
        return new String(target.array(), 0, target.position(), StandardCharsets.US_ASCII);
    }

    private static void write(SmcChannel channel, String text) throws Exception {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** A client whose CONFIRM is out. */
    private static ActorRef<JoinReply> confirmed(HandshakesA bench, ClcPeerA peer) throws Exception {
        peer.expect(ClcProposal.class);
        peer.send(ClcPeerA.accept(true));
        bench.grantServer(bench.group.getRef(), true);
        ActorRef<JoinReply> handshake = bench.join().replyTo();
        handshake.tell(bench.offer(true));
        peer.expect(ClcConfirmSmcr.class);
        return handshake;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 90, 110, 290})
    void shouldWaitForTheServersDeclineHoweverLateItIs(long delayMillis) throws Exception {
        try (HandshakesA bench = new HandshakesA(WAITS);
                ServerSocket server = ClcPeerA.listen()) {
            bench.client(server);
            try (ClcPeerA peer = ClcPeerA.accept(server)) {
                confirmed(bench, peer).tell(TIMED_OUT);
                peer.socket().setSoTimeout((int) Math.max(1, delayMillis));
                assertThatThrownBy(() -> peer.socket().getInputStream().read())
                        .as("the client sends no DECLINE of its own")
                        .isInstanceOf(java.net.SocketTimeoutException.class);
                peer.socket().setSoTimeout(20_000);
                peer.send(ClcPeerA.decline(DiagnosisCode.TIMEOUT_CL));
                peer.write("data"); // the server's application, right behind
                SmcChannel channel = ((Outcome.Ready) bench.outcome()).channel();
                assertThat(channel.info().transport()).isEqualTo(Transport.TCP);
                assertThat(read(channel, 4)).isEqualTo("data");
                write(channel, "answer");
                assertThat(peer.read(6)).isEqualTo("answer");
                channel.close();
                assertThat(peer.rest()).isEmpty();
            }
        }
    }

    @Test
    void shouldNotGiveTcpToTheApplicationWhileNobodyKnowsWhetherADeclineIsComing() throws Exception {
        try (HandshakesA bench = new HandshakesA(WAITS);
                ServerSocket server = ClcPeerA.listen()) {
            bench.client(server);
            try (ClcPeerA peer = ClcPeerA.accept(server)) {
                confirmed(bench, peer).tell(TIMED_OUT);
                assertThat(bench.outcome()).isInstanceOf(Outcome.Failed.class);
                assertThat(peer.rest()).isEmpty();
            }
        }
    }

    /** A server that has CONFIRM. */
    private static ActorRef<JoinReply> accepted(HandshakesA bench, ClcPeerA peer) throws Exception {
        peer.send(ClcPeerA.proposal());
        bench.asked().replyTo().tell(new LinkGroupRegistry.Granted(bench.group.getRef(), true));
        ActorRef<JoinReply> handshake = bench.join().replyTo();
        handshake.tell(bench.offer(true));
        peer.expect(ClcAcceptSmcr.class);
        peer.send(ClcPeerA.confirm(true));
        bench.group.expectMessageClass(LinkGroup.PeerSmcr.class, BenchA.PATIENCE);
        return handshake;
    }

    @Test
    void shouldTakeTheClientsDeclineInsteadOfSendingOneToo() throws Exception {
        try (HandshakesA bench = new HandshakesA("smc4j.clc.decline-wait = 10 s")) {
            HandshakesA.Listening listening = bench.listen();
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                ActorRef<JoinReply> handshake = accepted(bench, peer);
                handshake.tell(TIMED_OUT);
                peer.send(ClcPeerA.decline(DiagnosisCode.TIMEOUT_CL)); // within the wait
                peer.write("data");
                SmcChannel channel =
                        listening.channel().accept().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(read(channel, 4)).isEqualTo("data");
                write(channel, "answer");
                assertThat(peer.read(6)).as("no DECLINE before it").isEqualTo("answer");
                channel.close();
            }
        }
    }

    @Test
    void shouldAgreeOnOneDeclineWhenBothEndsFailAtTheSameMoment() throws Exception {
        try (HandshakesA client = new HandshakesA(WAITS);
                HandshakesA server = new HandshakesA(WAITS)) {
            HandshakesA.Listening listening = server.listen();
            client.client(listening.channel().localAddress());
            server.asked().replyTo().tell(new LinkGroupRegistry.Granted(server.group.getRef(), true));
            ActorRef<JoinReply> atServer = server.join().replyTo();
            atServer.tell(server.offer(true));
            client.grantServer(client.group.getRef(), true);
            ActorRef<JoinReply> atClient = client.join().replyTo();
            atClient.tell(client.offer(true));
            server.group.expectMessageClass(LinkGroup.PeerSmcr.class, BenchA.PATIENCE);
            client.group.expectMessageClass(LinkGroup.ConfirmSent.class, BenchA.PATIENCE);

            atServer.tell(TIMED_OUT);
            atClient.tell(TIMED_OUT);
            SmcChannel near = ((Outcome.Ready) client.outcome()).channel();
            SmcChannel far = listening.channel().accept().toCompletableFuture().get(20, TimeUnit.SECONDS);
            write(near, "hello");
            write(far, "world");
            assertThat(read(far, 5)).isEqualTo("hello");
            assertThat(read(near, 5)).isEqualTo("world");
            near.close();
            far.close();
        }
    }

    @Test
    void shouldHaveTheClientWaitTwiceAsLongForConfirmLinkAsTheServer() throws Exception {
        var defaults = SmcSettings.from(ConfigFactory.load()).llc();
        assertThat(defaults.clientConfirmLinkWait())
                .isGreaterThanOrEqualTo(defaults.messageWait().multipliedBy(2));
        assertThatThrownBy(() -> SmcSettings.from(
                        ConfigFactory.parseString("smc4j.llc { wait = 3 s, client-confirm-link-wait = 4 s }")
                                .withFallback(ConfigFactory.load())))
                .hasMessageContaining("client-confirm-link-wait");
    }
}
