package io.smc4j.system;

import static io.smc4j.system.TestNodes.PATIENCE;
import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.TransportPreference;
import io.smc4j.testkit.process.ChildJvm;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code kill -9} of one process during a transfer, seen from the other. */
@Timeout(90)
class KilledPeerTest {
    private TestNodes nodes;

    @BeforeEach
    void start() throws Exception {
        nodes = TestNodes.start();
    }

    @AfterEach
    void stop() throws Exception {
        nodes.close();
    }

    static Stream<Arguments> cases() {
        return Stream.of(TransportPreference.SMC_R, TransportPreference.SMC_D)
                .flatMap(transport -> Stream.of(Arguments.of(transport, true), Arguments.of(transport, false)));
    }

    @ParameterizedTest(name = "{0}, the server is killed: {1}")
    @MethodSource("cases")
    void shouldFailClearlyAndLeaveNothing(TransportPreference transport, boolean killServer) throws Exception {
        List<String> own = nodes.files();
        try (ChildJvm peer = start(transport, killServer)) {
            SmcChannel channel;
            if (killServer) {
                int port = Integer.parseInt(peer.awaitLine("port ", PATIENCE).split(" ", 2)[1]);
                channel = await(nodes.client.connect(
                        new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port),
                        TestNodes.options(transport)));
            } else {
                channel = await(nodes.listener.accept());
            }
            assertThat(channel.info().transport().label()).isEqualTo(transport.label());
            CompletableFuture<SmcException> reading = Traffic.run(() -> Traffic.failureOfReading(channel));
            CompletableFuture<SmcException> writing = Traffic.run(() -> failureOfWriting(channel));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> channel.info().bytesRead() > 10_000_000
                            && channel.info().bytesWritten() > 10_000_000);

            long killed = System.nanoTime();
            peer.kill();
            SmcException why = await(reading);
            long readFailed = (System.nanoTime() - killed) / 1_000_000;
            assertThat(await(writing).category()).isEqualTo(SmcException.Category.RECONNECT);
            long writeFailed = (System.nanoTime() - killed) / 1_000_000;
            System.out.printf(
                    "%s, %s killed: reads failed after %d ms, writes after %d ms: %s%n",
                    transport, killServer ? "server" : "client", readFailed, writeFailed, why.getMessage());

            assertThat(readFailed).isLessThan(10_000);
            assertThat(writeFailed).isLessThan(10_000);
            assertThat(why.getMessage()).contains(transport.label()).contains("aborted because");
            assertThatThrownBy(() -> await(channel.terminated())).hasRootCauseInstanceOf(SmcException.class);
        }
        nodes.ledger.assertNoLinkGroupResources(PATIENCE);
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(nodes.files()).isEqualTo(own));
        assertQuiet();
    }

    /** No thread of the survivor spins: over a second it uses a small part of one. */
    private static void assertQuiet() {
        Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).untilAsserted(() -> {
            long cpu = Peer.cpuNanos();
            long start = System.nanoTime();
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000L);
            double share = (double) (Peer.cpuNanos() - cpu) / (System.nanoTime() - start);
            assertThat(share).as("share of a core").isLessThan(0.2);
        });
    }

    private ChildJvm start(TransportPreference transport, boolean listening) {
        String shm = nodes.sharedMemory.toString();
        return listening
                ? ChildJvm.of(Peer.class)
                        .arguments(shm, transport.name(), "listen")
                        .start()
                : ChildJvm.of(Peer.class)
                        .arguments(
                                shm,
                                transport.name(),
                                "connect",
                                Integer.toString(nodes.listener.localAddress().getPort()))
                        .start();
    }

    private static SmcException failureOfWriting(SmcChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try {
            while (true) {
                channel.write(buffer.clear());
            }
        } catch (SmcException e) {
            return e;
        }
    }
}
