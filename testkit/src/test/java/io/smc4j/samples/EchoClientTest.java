package io.smc4j.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.BindOptions;
import io.smc4j.Smc;
import io.smc4j.SmcServerChannel;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.testkit.faults.FaultKind;
import io.smc4j.testkit.faults.FaultLog;
import io.smc4j.testkit.faults.FaultyDevice;
import io.smc4j.testkit.faults.TcpFaults;
import io.smc4j.testkit.junit.Client;
import io.smc4j.testkit.junit.Server;
import io.smc4j.testkit.junit.SmcTest;
import io.smc4j.testkit.node.NodePair;
import io.smc4j.testkit.node.TestNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The tests that a user of smc4j writes for {@link EchoClient}. */
@SmcTest("smc4j.transport = smc-r")
class EchoClientTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void shouldNotNoticeThatALinkFails(
            @Client ActorSystem<SpawnProtocol.Command> system,
            @Client Smc smc,
            SmcServerChannel listener,
            @Client FaultyDevice device)
            throws Exception {
        EchoClient.serve(listener);
        var service = spawn(system, smc, listener.localAddress());
        assertThat(ask(system, service, 1)).isEqualTo((byte) 1);
        awaitTwoLinks(device);

        device.breakQueuePair(device.queuePairs().getFirst().number());

        assertThat(ask(system, service, 2)).isEqualTo((byte) 2);
    }

    @Test
    void shouldConnectAgainWhenThePeerHasDied(
            NodePair nodes,
            @Client ActorSystem<SpawnProtocol.Command> system,
            @Client Smc smc,
            @Server Smc dying,
            SmcServerChannel listener)
            throws Exception {
        EchoClient.serve(listener);
        InetSocketAddress address = listener.localAddress();
        var service = spawn(system, smc, address);
        assertThat(ask(system, service, 1)).isEqualTo((byte) 1);

        TestNode.await(dying.shutdown());

        try (TestNode successor = TestNode.start("successor", nodes.world())) {
            EchoClient.serve(TestNode.await(successor.smc().listen(address, BindOptions.defaults())));
            Awaitility.await()
                    .atMost(LIMIT)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(ask(system, service, 2)).isEqualTo((byte) 2));
            TestNode.await(smc.shutdown());
        }
    }

    @Test
    @SmcTest({"smc4j.transport = smc-r", "smc4j.clc.timeout = 1 s"})
    void shouldConnectAgainWhenTheServerHangsInTheHandshake(
            NodePair nodes,
            @Client ActorSystem<SpawnProtocol.Command> system,
            @Client Smc smc,
            SmcServerChannel listener,
            FaultLog log)
            throws Exception {
        EchoClient.serve(listener);
        try (TcpFaults tcp =
                TcpFaults.before(listener.localAddress(), nodes.world().sharedMemory(), log)) {
            tcp.stallInMessage(TcpFaults.Leg.TO_CLIENT, 1); // half of ACCEPT arrives
            var service = spawn(system, smc, tcp.address());
            log.await(FaultKind.TCP_STALLED, 2, LIMIT); // it was started anew, and hangs again

            tcp.resume(TcpFaults.Leg.TO_CLIENT);

            Awaitility.await()
                    .atMost(LIMIT)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(ask(system, service, 3)).isEqualTo((byte) 3));
            TestNode.await(smc.shutdown());
        }
    }

    private static ActorRef<EchoClient.Command> spawn(
            ActorSystem<SpawnProtocol.Command> system, Smc smc, InetSocketAddress server) throws Exception {
        return TestNode.await(AskPattern.<SpawnProtocol.Command, ActorRef<EchoClient.Command>>ask(
                system,
                replyTo -> new SpawnProtocol.Spawn<>(
                        EchoClient.supervised(smc, server), "echo-" + UUID.randomUUID(), Props.empty(), replyTo),
                LIMIT,
                system.scheduler()));
    }

    private static byte ask(ActorSystem<?> system, ActorRef<EchoClient.Command> service, int value) throws Exception {
        return TestNode.await(AskPattern.<EchoClient.Command, Byte>ask(
                service,
                replyTo -> new EchoClient.Ask((byte) value, replyTo),
                Duration.ofSeconds(2),
                system.scheduler()));
    }

    private static void awaitTwoLinks(FaultyDevice device) {
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> device.queuePairs().stream()
                                .filter(queuePair -> queuePair.state() == QueuePairState.RTS)
                                .count()
                        == 2);
    }
}
