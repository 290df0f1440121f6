package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcChannel;
import io.smc4j.Transport;
import io.smc4j.actors.handshake.Outcome;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** a DECLINE with the out-of-sync bit is the very first CLC message: there is no link group that it could mean. */
@Timeout(60)
class R27FallbackWithoutGroupTest {
    private static String read(SmcChannel channel, int bytes) throws Exception {
        ByteBuffer target = ByteBuffer.allocate(bytes);
        while (target.hasRemaining() && channel.read(target) >= 0) {
            // until it is full
        }
        return new String(target.array(), 0, target.position(), StandardCharsets.US_ASCII);
    }

    private static void use(SmcChannel channel, ClcPeerA peer) throws Exception {
        assertThat(channel.info().transport()).isEqualTo(Transport.TCP);
        assertThat(channel.info().linkGroup()).as("nothing of SMC is asked for").isEmpty();
        assertThat(channel.info().fallback().orElseThrow().peerDiagnosis()).hasValue(DiagnosisCode.SYNCERR.code());
        peer.write("from the peer");
        assertThat(read(channel, 13)).isEqualTo("from the peer");
        channel.write(ByteBuffer.wrap("to the peer".getBytes(StandardCharsets.US_ASCII)));
        assertThat(peer.read(11)).isEqualTo("to the peer");
        channel.close();
        assertThat(peer.rest()).isEmpty();
    }

    @Test
    void shouldLetAClientGoOnOverTcp() throws Exception {
        try (HandshakesA bench = new HandshakesA();
                ServerSocket server = ClcPeerA.listen()) {
            bench.client(server);
            try (ClcPeerA peer = ClcPeerA.accept(server)) {
                peer.expect(ClcProposal.class);
                peer.send(ClcPeerA.decline(DiagnosisCode.SYNCERR));
                use(((Outcome.Ready) bench.outcome()).channel(), peer);
                bench.registry.expectNoMessage();
            }
        }
    }

    @Test
    void shouldLetAServerGoOnOverTcp() throws Exception {
        try (HandshakesA bench = new HandshakesA()) {
            HandshakesA.Listening listening = bench.listen();
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(ClcPeerA.decline(DiagnosisCode.SYNCERR));
                use(listening.channel().accept().toCompletableFuture().get(20, TimeUnit.SECONDS), peer);
                bench.registry.expectNoMessage();
            }
        }
    }
}
