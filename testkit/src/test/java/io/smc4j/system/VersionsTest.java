package io.smc4j.system;

import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.FallbackReason;
import io.smc4j.LinkGroupInfo;
import io.smc4j.SmcChannel;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.rdma.PortControl;
import io.smc4j.rdma.PortState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes that speak versions 1, 2 or both, with each other. */
@Timeout(60)
class VersionsTest {
    private static final int DECLINED = 0x05000000;

    @ParameterizedTest
    @CsvSource({
        "1, 1, rendezvous, 1",
        "1, both, explicit, 1",
        "both, 1, rendezvous, 1",
        "both, both, rendezvous, 2.1",
        "both, auto, explicit, 2.1",
        "2, both, rendezvous, 2.1"
    })
    void shouldSpeakTheHighestVersionInCommon(String server, String client, String strategy, String version)
            throws Exception {
        try (TestNodes nodes = TestNodes.startDifferent(
                "smc4j { versions = " + server + ", negotiation.strategy = " + strategy + " }",
                "smc4j { versions = " + client + ", negotiation.strategy = " + strategy + " }")) {
            for (int i = 0; i < 3; i++) { // first contact, then subsequent
                TestNodes.Ends ends = nodes.connect(TransportPreference.SMC_R);
                for (SmcChannel end : List.of(ends.client(), ends.server())) {
                    assertThat(end.info().transport()).isEqualTo(Transport.SMC_R);
                    assertThat(group(end).version()).isEqualTo(version);
                }
                TestNodes.awaitLinks(ends, 2);
                Traffic.echoOnce(ends);
            }
            assertThat(nodes.actors("link-group-")).hasSize(2);
        }
    }

    private static LinkGroupInfo group(SmcChannel end) {
        return end.info().linkGroup().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 1", "1, auto", "auto, 1"})
    void shouldDeclineWithTheReasonAtBothEndsWithoutAVersionInCommon(String server, String client) throws Exception {
        try (TestNodes nodes = TestNodes.startDifferent("smc4j.versions = " + server, "smc4j.versions = " + client)) {
            TestNodes.Ends ends = nodes.connect(TransportPreference.AUTO);
            FallbackReason near = ends.client().info().fallback().orElseThrow();
            FallbackReason far = ends.server().info().fallback().orElseThrow();
            assertThat(near.code()).isEqualTo(DECLINED);
            assertThat(near.peerDiagnosis()).hasValue(far.code());
            if (server.equals("auto")) { // it speaks version 1, but softrdma has no address for it
                assertThat(far.symbol()).isEqualTo("NOSMCDEV");
                assertThat(far.detail()).contains("R of version 1", "RoCE v1");
            } else {
                assertThat(far.symbol()).isEqualTo("PEERNOSMC");
                assertThat(far.detail()).contains("no version of SMC in common", "smc4j.versions");
            }
            Traffic.echoOnce(ends);
        }
    }

    /** Version 1 knows no enterprise ids: who speaks both meets everybody. */
    @Test
    void shouldTurnToVersion1WithoutACommonEnterpriseId() throws Exception {
        try (TestNodes nodes = TestNodes.startDifferent(
                "smc4j { versions = both, ueids = [ONE] }", "smc4j { versions = both, ueids = [TWO] }")) {
            TestNodes.Ends ends = nodes.connect(TransportPreference.AUTO);
            assertThat(ends.client().info().transport()).isEqualTo(Transport.SMC_R);
            assertThat(group(ends.client()).version()).isEqualTo("1");
            Traffic.echoOnce(ends);
        }
    }

    @Test
    void shouldHaveNoSmcDInVersion1() throws Exception {
        try (TestNodes nodes = TestNodes.start("smc4j.versions = 1")) {
            TestNodes.Ends ends = nodes.connect(TransportPreference.SMC_D);
            assertThat(ends.client().info().transport()).isEqualTo(Transport.TCP);
            assertThat(ends.client().info().fallback().orElseThrow().detail()).contains("no device to offer");
        }
    }

    /** 30 RMBs at each end are more than the two of one ADD LINK CONTINUE; each must be known on the new link when the old one dies. */
    @Test
    void shouldMoveThirtyConnectionsToALinkWhoseKeysWereExchangedAfterwards() throws Exception {
        try (TestNodes nodes = TestNodes.start("smc4j { versions = 1, smc-r.buffer-size = 64 KiB }")) {
            PortControl server = await(nodes.server.portControl()).orElseThrow();
            server.setPortState(2, PortState.DOWN);
            PortControl client = await(nodes.client.portControl()).orElseThrow();
            client.setPortState(2, PortState.DOWN);
            List<TestNodes.Ends> connections = connect(nodes, 30);
            assertThat(group(connections.getFirst().client()).links()).hasSize(1);
            Set<String> groups = new TreeSet<>();
            connections.forEach(ends -> groups.add(group(ends.server()).id()));
            assertThat(groups).hasSize(1);

            server.setPortState(2, PortState.ACTIVE);
            client.setPortState(2, PortState.ACTIVE);
            Awaitility.await().atMost(TestNodes.PATIENCE).untilAsserted(() -> {
                for (SmcChannel end : List.of(
                        connections.getFirst().client(), connections.getFirst().server())) {
                    assertThat(group(end).type()).isEqualTo("SYMMETRIC");
                    assertThat(group(end).links())
                            .hasSize(2)
                            .allMatch(link -> link.state().equals("ACTIVE"));
                }
            });
            Traffic traffic = Traffic.random("version 1, 30 connections");
            AtomicLong progress = new AtomicLong();
            List<CompletableFuture<Long>> readers = new ArrayList<>();
            for (TestNodes.Ends ends : connections) {
                readers.add(traffic.read(ends.server(), 20_000));
                readers.add(traffic.reverse().read(ends.client(), 20_000));
                traffic.write(ends.client(), 1_000_000, 30_000, true, progress);
                traffic.reverse().write(ends.server(), 1_000_000, 30_000);
            }
            Awaitility.await().until(() -> progress.get() > 200_000);
            server.setPortState(1, PortState.DOWN);
            for (CompletableFuture<Long> reader : readers) {
                assertThat(await(reader)).isEqualTo(1_000_000);
            }
            assertThat(connections)
                    .allSatisfy(ends -> assertThat(group(ends.client()).id())
                            .isEqualTo(group(connections.getFirst().client()).id()));
        }
    }

    private static List<TestNodes.Ends> connect(TestNodes nodes, int count) throws Exception {
        List<CompletableFuture<SmcChannel>> accepting = new ArrayList<>();
        List<CompletableFuture<SmcChannel>> connecting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            accepting.add(nodes.listener.accept().toCompletableFuture());
            connecting.add(nodes.client
                    .connect(nodes.listener.localAddress(), TestNodes.options(TransportPreference.SMC_R))
                    .toCompletableFuture());
        }
        List<SmcChannel> clients = new ArrayList<>();
        List<SmcChannel> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(await(connecting.get(i)));
            servers.add(await(accepting.get(i)));
        }
        List<TestNodes.Ends> pairs = new ArrayList<>();
        for (SmcChannel client : clients) { // they come in no order
            SmcChannel server = servers.stream()
                    .filter(far -> far.info().remote().equals(client.info().local()))
                    .findFirst()
                    .orElseThrow();
            pairs.add(new TestNodes.Ends(client, server));
        }
        return pairs;
    }
}
