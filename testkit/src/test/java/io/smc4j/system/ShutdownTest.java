package io.smc4j.system;

import static io.smc4j.system.TestNodes.PATIENCE;
import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.TransportPreference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes, listeners and connects that end in the middle of things. Closing the nodes fails if anything leaked. */
@Timeout(60)
class ShutdownTest {
    private static final String[] SETTINGS = {
        "smc4j.link-group.idle-timeout-server = 200 ms",
        "smc4j.link-group.idle-timeout-client = 400 ms",
        "smc4j.negotiation.recognition-timeout = 50 ms"
    };

    @ParameterizedTest
    @EnumSource(
            value = TransportPreference.class,
            names = {"SMC_R", "SMC_D"})
    void shouldTellPeersAndFreeEverythingWhenANodeShutsDown(TransportPreference transport) throws Exception {
        try (TestNodes nodes = TestNodes.start(SETTINGS)) {
            List<TestNodes.Ends> all = new ArrayList<>();
            List<CompletableFuture<SmcException>> readers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                TestNodes.Ends ends = nodes.connect(transport);
                all.add(ends);
                readers.add(Traffic.run(() -> Traffic.failureOfReading(ends.client())));
            }
            await(nodes.server.shutdown());
            for (CompletableFuture<SmcException> reader : readers) {
                assertThat(await(reader).category()).isEqualTo(SmcException.Category.RECONNECT);
            }
            for (TestNodes.Ends ends : all) {
                assertThatThrownBy(() -> ends.server().write(ByteBuffer.allocate(1)))
                        .isInstanceOf(SmcException.class);
                assertThatThrownBy(() -> await(ends.server().terminated())).hasRootCauseInstanceOf(SmcException.class);
            }
            nodes.ledger.assertNoLinkGroupResources(PATIENCE);
            assertThatThrownBy(() -> await(nodes.server.connect(nodes.listener.localAddress())))
                    .hasStackTraceContaining("shut down");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportPreference.class,
            names = {"SMC_R", "SMC_D"})
    void shouldFreeEverythingWhenTheActorSystemIsTerminated(TransportPreference transport) throws Exception {
        try (TestNodes nodes = TestNodes.start(SETTINGS)) {
            TestNodes.Ends ends = nodes.connect(transport);
            CompletableFuture<SmcException> reader = Traffic.run(() -> Traffic.failureOfReading(ends.client()));
            nodes.serverSystem.terminate();
            await(nodes.serverSystem.getWhenTerminated());
            await(reader);
            assertThat(nodes.ledger.open()).noneMatch(entry -> entry.owner().equals("server"));
        }
    }

    @ParameterizedTest
    @EnumSource(TransportPreference.class)
    void shouldGiveACancelledConnectUp(TransportPreference transport) throws Exception {
        try (TestNodes nodes = TestNodes.start(SETTINGS)) {
            // Some are refused before they are accepted; those that are handed out end by themselves.
            CompletableFuture<Integer> accepting = Traffic.run(() -> acceptAll(nodes));
            for (int i = 0; i < 20; i++) {
                CompletableFuture<SmcChannel> connecting = nodes.client
                        .connect(nodes.listener.localAddress(), TestNodes.options(transport))
                        .toCompletableFuture();
                if (i % 2 == 0) {
                    Thread.yield();
                }
                if (!connecting.cancel(true)) {
                    connecting.join().close();
                }
            }
            SmcChannel last = await(nodes.client.connect(nodes.listener.localAddress(), TestNodes.options(transport)));
            last.write(ByteBuffer.wrap(new byte[] {1}));
            assertThat(last.read(ByteBuffer.allocate(1))).as("served on").isOne();
            last.close();
            await(last.terminated());
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(nodes.actors("connection-")).isEmpty());
            nodes.listener.close();
            assertThat(await(accepting)).isBetween(1, 21);
            nodes.ledger.assertNoLinkGroupResources(PATIENCE);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(nodes.actors("connection-")).isEmpty());
        }
    }

    /** Accepts until the listener closes, and echoes each connection to its end. @return how many */
    private static int acceptAll(TestNodes nodes) throws InterruptedException {
        for (int count = 0; ; count++) {
            try {
                SmcChannel channel = nodes.listener.acceptBlocking();
                Traffic.run(() -> {
                    try (channel) {
                        ByteBuffer bytes = ByteBuffer.allocate(10);
                        while (channel.read(bytes) >= 0) { // until the end or the abort
                            channel.write(bytes.flip());
                            bytes.clear();
                        }
                    }
                    return null;
                });
            } catch (SmcException e) {
                return count;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TransportPreference.class)
    void shouldCloseWhatIsInHandshakeWhenTheListenerCloses(TransportPreference transport) throws Exception {
        try (TestNodes nodes = TestNodes.start(SETTINGS)) {
            List<CompletableFuture<SmcChannel>> connecting = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                connecting.add(nodes.client
                        .connect(nodes.listener.localAddress(), TestNodes.options(transport))
                        .toCompletableFuture());
            }
            SmcChannel taken = await(nodes.listener.accept());
            nodes.listener.close();
            nodes.listener.close();
            await(nodes.listener.closed());
            assertThatThrownBy(() -> await(nodes.listener.accept())).hasRootCauseInstanceOf(SmcException.class);

            taken.write(ByteBuffer.wrap(new byte[] {1}));
            int served = 0;
            int refused = 0;
            int aborted = 0;
            for (CompletableFuture<SmcChannel> connect : connecting) {
                try (SmcChannel channel = connect.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    ByteBuffer one = ByteBuffer.allocate(1);
                    if (channel.read(one) == 1) {
                        served++;
                    } else {
                        aborted++;
                    }
                } catch (SmcException e) {
                    aborted++;
                } catch (ExecutionException e) {
                    assertThat(e).hasRootCauseInstanceOf(Exception.class);
                    refused++;
                }
            }
            System.out.printf(
                    "listener closed during handshakes over %s: %d served, %d aborted, %d refused%n",
                    transport, served, aborted, refused);
            assertThat(served).isEqualTo(1);
            taken.close();
            nodes.ledger.assertNoLinkGroupResources(PATIENCE);
        }
    }
}
