package io.smc4j.system;

import static io.smc4j.system.TestNodes.PATIENCE;
import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.LinkGroupInfo;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.TransportPreference;
import io.smc4j.rdma.PortControl;
import io.smc4j.rdma.PortState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links die under load, and nothing is lost. */
@Timeout(60)
class FailoverTest {
    private static final long TOTAL = 36L << 20;

    private TestNodes nodes;
    private final List<TestNodes.Ends> connections = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        nodes = TestNodes.start("smc4j.llc.test-link-interval = 1 s", settings());
    }

    String settings() {
        return "";
    }

    @AfterEach
    void stop() throws Exception {
        nodes.close();
    }

    private void connect(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            connections.add(nodes.connect(TransportPreference.SMC_R));
        }
        awaitTwoLinks();
    }

    /** Exactly two, each to a port of its own at both ends: what a group comes to, and comes back to when a port does. */
    private void awaitTwoLinks() {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            for (SmcChannel end :
                    List.of(connections.get(0).client(), connections.get(0).server())) {
                LinkGroupInfo group = end.info().linkGroup().orElseThrow();
                assertThat(group.type()).isEqualTo("SYMMETRIC");
                assertThat(group.links())
                        .hasSize(2)
                        .allSatisfy(link -> assertThat(link.state()).isEqualTo("ACTIVE"));
                assertThat(portsOf(end)).containsExactlyInAnyOrder(1, 2);
            }
        });
    }

    private static List<Integer> portsOf(SmcChannel end) {
        return end.info().linkGroup().orElseThrow().links().stream()
                .map(LinkGroupInfo.Link::port)
                .distinct()
                .toList();
    }

    /** There may be a second link all the same: an asymmetric one, to the other port. */
    private void awaitNoLinkOn(SmcChannel end, int port) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(end.info().linkGroup().orElseThrow().links())
                                .isNotEmpty()
                                .noneMatch(link -> link.port() == port));
    }

    private void closeAll() throws Exception {
        for (TestNodes.Ends ends : connections) {
            ends.client().close();
            ends.server().close();
            await(ends.client().terminated());
            await(ends.server().terminated());
        }
    }

    @RepeatedTest(3)
    void shouldLoseNothingWhenEachPortGoesDownAndUpUnderLoad() throws Exception {
        connect(3);
        Traffic traffic = Traffic.random("failover");
        RandomGenerator random = traffic.generator(9);
        PortControl server = await(nodes.server.portControl()).orElseThrow();
        PortControl client = await(nodes.client.portControl()).orElseThrow();
        List<CompletableFuture<Long>> readers = new ArrayList<>();
        AtomicLong progress = new AtomicLong();
        for (TestNodes.Ends ends : connections) {
            readers.add(traffic.read(ends.server(), 50_000));
            readers.add(traffic.reverse().read(ends.client(), 50_000));
            AtomicLong written = ends == connections.get(0) ? progress : new AtomicLong();
            traffic.write(ends.client(), TOTAL, 60_000, true, written);
            traffic.reverse().write(ends.server(), TOTAL / 2, 60_000, true, new AtomicLong());
        }

        for (int round = 1; round <= 4; round++) {
            long point = TOTAL / 5 * round - random.nextLong(TOTAL / 6);
            Awaitility.await().atMost(PATIENCE).until(() -> progress.get() >= point);
            TestNodes.Ends any = connections.get(0);
            boolean atServer = random.nextBoolean();
            SmcChannel end = atServer ? any.server() : any.client();
            int port = 1 + random.nextInt(2);
            PortControl side = atServer ? server : client;
            side.setPortState(port, PortState.DOWN);
            awaitNoLinkOn(end, port);
            side.setPortState(port, PortState.ACTIVE);
            awaitTwoLinks();
        }

        for (int i = 0; i < readers.size(); i++) {
            assertThat(await(readers.get(i))).isEqualTo(i % 2 == 0 ? TOTAL : TOTAL / 2);
        }
        assertThat(connections.stream()
                        .mapToInt(ends -> ends.client().info().failovers())
                        .sum())
                .isPositive();
        closeAll();
    }

    @Test
    void shouldAbortInTimeWhenBothPortsAreDown() throws Exception {
        connect(2);
        CompletableFuture<SmcException> near =
                Traffic.run(() -> Traffic.failureOfReading(connections.get(0).client()));
        CompletableFuture<SmcException> far =
                Traffic.run(() -> Traffic.failureOfReading(connections.get(0).server()));
        PortControl server = await(nodes.server.portControl()).orElseThrow();
        long start = System.nanoTime();
        server.setPortState(1, PortState.DOWN);
        server.setPortState(2, PortState.DOWN);

        assertThat(await(far)).hasMessageContaining("link");
        System.out.printf(
                "both ports down: server knows after %d ms: %s%n",
                millis(start), await(far).getMessage());
        assertThat(await(near).category()).isEqualTo(SmcException.Category.RECONNECT);
        System.out.printf(
                "both ports down: client knows after %d ms: %s%n",
                millis(start), await(near).getMessage());
        assertThat(millis(start)).isLessThan(10_000);
        server.setPortState(1, PortState.ACTIVE);
        TestNodes.Ends again = nodes.connect(TransportPreference.SMC_R);
        assertThat(again.client().info().transport()).isEqualTo(io.smc4j.Transport.SMC_R);
    }

    private static long millis(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
