package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcChannel;
import io.smc4j.Transport;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.handshake.Outcome;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.clc.FirstContactExtension;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Release and limits are agreed on once, in ACCEPT: neither end goes by others. */
@Timeout(60)
class FirstContactLimitsTest {
    @ParameterizedTest
    @CsvSource({"0, 16, 2, RELEASEERR", "2, 16, 2, RELEASEERR", "1, 17, 2, MAXCONNERR", "1, 16, 1, MAXLINKERR"})
    void shouldDeclineAConfirmThatSaysOtherThanAccept(int release, int connections, int links, DiagnosisCode reason)
            throws Exception {
        try (HandshakesA bench = new HandshakesA("")) {
            HandshakesA.Listening listening = bench.listen();
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(ClcPeerA.proposal());
                bench.asked().replyTo().tell(new LinkGroupRegistry.Granted(bench.group.getRef(), true));
                ActorRef<JoinReply> handshake = bench.join().replyTo();
                handshake.tell(bench.offer(true));
                FirstContactExtension accepted =
                        peer.expect(ClcAcceptSmcr.class).extension().orElseThrow();
                assertThat(accepted.release()).isEqualTo(1);
                assertThat(accepted.maxConnections()).isEqualTo(16);
                assertThat(accepted.maxLinks()).isEqualTo(2);

                peer.send(ClcPeerA.confirm(ClcPeerA.extension(release, connections, links)));
                assertThat(peer.expect(ClcDecline.class).diagnosis()).isEqualTo(reason.code());
                bench.group.expectMessageClass(LinkGroup.HandshakeOver.class, BenchA.PATIENCE);
                SmcChannel channel =
                        listening.channel().accept().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(channel.info().transport()).isEqualTo(Transport.TCP);
                channel.close();
            }
        }
    }

    @Test
    void shouldDeclineAReleaseThatWasNotOffered() throws Exception {
        try (HandshakesA bench = new HandshakesA("");
                ServerSocket server = ClcPeerA.listen()) {
            bench.client(server);
            try (ClcPeerA peer = ClcPeerA.accept(server)) {
                peer.expect(ClcProposal.class);
                peer.send(ClcPeerA.accept(ClcPeerA.extension(2, 16, 2)));
                assertThat(peer.expect(ClcDecline.class).diagnosis()).isEqualTo(DiagnosisCode.RELEASEERR.code());
                SmcChannel channel = ((Outcome.Ready) bench.outcome()).channel();
                assertThat(channel.info().transport()).isEqualTo(Transport.TCP);
                channel.close();
            }
        }
    }
}
