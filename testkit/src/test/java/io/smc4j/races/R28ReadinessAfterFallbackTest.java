package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcChannel;
import io.smc4j.actors.handshake.Outcome;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * somebody waits for readiness while the connection falls back to TCP. There is no handle before the transport is decided,
 * so there is no waiter on the wrong one: the handle that comes has one source of readiness for its life.
 */
@Timeout(60)
class R28ReadinessAfterFallbackTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTellReadinessOfTcpOnceAfterAFallback(boolean dataBeforeRegistration) throws Exception {
        try (HandshakesA bench = new HandshakesA();
                ServerSocket server = ClcPeerA.listen()) {
            bench.client(server);
            try (ClcPeerA peer = ClcPeerA.accept(server)) {
                peer.expect(ClcProposal.class);
                assertThat(bench.outcomes.poll(20, TimeUnit.MILLISECONDS))
                        .as("no handle while the transport is undecided")
                        .isNull();
                peer.send(ClcPeerA.decline(DiagnosisCode.NOSMCDEV));
                if (dataBeforeRegistration) {
                    peer.write("x");
                }
                SmcChannel channel = ((Outcome.Ready) bench.outcome()).channel();
                Semaphore readable = new Semaphore(0);
                channel.onReadable(readable::release);
                if (!dataBeforeRegistration) {
                    peer.write("x");
                }
                assertThat(readable.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                assertThat(channel.tryRead(ByteBuffer.allocate(10))).isEqualTo(1);
                peer.write("y");
                Semaphore again = new Semaphore(0);
                channel.onReadable(again::release);
                assertThat(again.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                assertThat(readable.availablePermits())
                        .as("told once for each registration")
                        .isZero();
                channel.close();
            }
        }
    }
}
