package io.smc4j.system;

import static io.smc4j.system.TestNodes.PATIENCE;
import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcChannel;
import io.smc4j.TransportPreference;
import io.smc4j.testkit.ResourceLedger.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections come and go by the thousand, and leave no memory registered, no file and no actor behind. */
@Timeout(90)
class ManyConnectionsTest {
    private TestNodes nodes;
    private List<String> filesAtFirst;

    @BeforeEach
    void start() throws Exception {
        nodes = TestNodes.start(
                "smc4j.link-group.idle-timeout-server = 300 ms", "smc4j.link-group.idle-timeout-client = 500 ms");
        filesAtFirst = nodes.files();
    }

    @AfterEach
    void stop() throws Exception {
        nodes.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportPreference.class,
            names = {"SMC_R", "SMC_D"})
    void shouldLeaveNothingAfterAThousandInARow(TransportPreference transport) throws Exception {
        long[] micros = new long[1000];
        long begin = System.nanoTime();
        for (int i = 0; i < micros.length; i++) {
            long start = System.nanoTime();
            TestNodes.Ends ends = nodes.connect(transport);
            micros[i] = (System.nanoTime() - start) / 1000;
            assertThat(ends.client().info().transport().label()).isEqualTo(transport.label());
            exchange(ends.client(), ends.server(), i);
            ends.client().close();
            ends.server().close();
        }
        Arrays.sort(micros);
        System.out.printf(
                "1000 in a row over %s: %d ms in all; set-up median %d us, p99 %d us, longest %d us%n",
                transport.label(), (System.nanoTime() - begin) / 1_000_000, micros[500], micros[990], micros[999]);
        assertNothingLeft();
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportPreference.class,
            names = {"SMC_R", "SMC_D"})
    void shouldLeaveNothingAfterTwoHundredAtOnce(TransportPreference transport) throws Exception {
        long begin = System.nanoTime();
        List<CompletableFuture<SmcChannel>> connecting = new ArrayList<>();
        List<CompletableFuture<SmcChannel>> accepting = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            accepting.add(nodes.listener.accept().toCompletableFuture());
            connecting.add(nodes.client
                    .connect(nodes.listener.localAddress(), TestNodes.options(transport))
                    .toCompletableFuture());
        }
        List<SmcChannel> clients = new ArrayList<>();
        List<SmcChannel> servers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            clients.add(await(connecting.get(i)));
            servers.add(await(accepting.get(i)));
        }
        long open = System.nanoTime();
        assertThat(clients)
                .allSatisfy(channel ->
                        assertThat(channel.info().transport().label()).isEqualTo(transport.label()));
        clients.forEach(channel -> Traffic.run(() -> channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}))));
        for (SmcChannel channel : servers) {
            ByteBuffer four = ByteBuffer.allocate(4);
            while (four.hasRemaining()) {
                assertThat(channel.read(four)).isPositive();
            }
        }
        clients.forEach(SmcChannel::close);
        servers.forEach(SmcChannel::close);
        System.out.printf("200 at once over %s: all open after %d ms%n", transport.label(), (open - begin) / 1_000_000);
        assertNothingLeft();
    }

    private static void exchange(SmcChannel client, SmcChannel server, int number) throws Exception {
        client.write(ByteBuffer.allocate(4).putInt(0, number));
        ByteBuffer got = ByteBuffer.allocate(4);
        while (got.hasRemaining()) {
            assertThat(server.read(got)).isPositive();
        }
        assertThat(got.getInt(0)).isEqualTo(number);
    }

    private void assertNothingLeft() throws Exception {
        nodes.ledger.assertNoLinkGroupResources(PATIENCE);
        assertThat(nodes.ledger.registeredBytes()).isZero();
        assertThat(nodes.ledger.made(Kind.MEMORY_REGION) + nodes.ledger.made(Kind.DMB))
                .isPositive();
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(nodes.actors("link-group-")).isEmpty();
            assertThat(nodes.actors("connection-")).isEmpty();
            assertThat(nodes.files()).isEqualTo(filesAtFirst);
        });
        assertThat(nodes.actors("completion-queue-"))
                .as("the search finds what is there")
                .isNotEmpty();
    }
}
