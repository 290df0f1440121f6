package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.ConnectOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcServerChannel;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.actors.group.GroupKey;
import io.smc4j.actors.group.GroupSpec;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.testkit.faults.ActorFault;
import io.smc4j.testkit.junit.SmcTest;
import io.smc4j.testkit.node.NodePair;
import io.smc4j.testkit.node.TestNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * two hosts connect to each other at once, and each must create a link group as client and one as server. Roles are part of
 * what a group is found by, and nobody holds anything while it waits for the other host.
 */
@SmcTest
class R32OppositeFirstContactsTest {
    private static final GroupSpec.Limits LIMITS = new GroupSpec.Limits(1, 16);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCreateBothGroupsWithoutWaitingForEitherInEitherOrder(boolean clientFirst) throws Exception {
        try (BenchA bench = new BenchA()) {
            bench.blocking.close(); // both stay half made
            ActorRef<LinkGroupRegistry.Command> registry = bench.kit.spawn(LinkGroupRegistry.create(bench.node));
            TestProbe<LinkGroupRegistry.Granted> client = bench.kit.createTestProbe();
            TestProbe<LinkGroupRegistry.Granted> server = bench.kit.createTestProbe();
            GroupKey key = new GroupKey.Smcr(BenchA.PEER.value(), BenchA.peerGid(1));
            var asClient = new LinkGroupRegistry.ForServer(key, LIMITS, true, 7, client.getRef());
            var asServer = new LinkGroupRegistry.ForClient(key, LIMITS, Set.of(), server.getRef());
            registry.tell(clientFirst ? asClient : asServer);
            registry.tell(clientFirst ? asServer : asClient);
            LinkGroupRegistry.Granted one = client.expectMessageClass(LinkGroupRegistry.Granted.class, BenchA.PATIENCE);
            LinkGroupRegistry.Granted other =
                    server.expectMessageClass(LinkGroupRegistry.Granted.class, BenchA.PATIENCE);
            assertThat(one.created()).isTrue();
            assertThat(other.created()).isTrue();
            assertThat(one.group()).isNotEqualTo(other.group());
        }
    }

    @Test
    void shouldConnectCrosswiseWithBothServersInTheMiddleOfFirstContact(NodePair pair) throws Exception {
        SmcServerChannel atServer = listen(pair.server());
        SmcServerChannel atClient = listen(pair.client());
        ActorFault first = pair.server()
                .director()
                .at(ActorKind.LINK_GROUP)
                .message("FromLink")
                .hold();
        ActorFault second = pair.client()
                .director()
                .at(ActorKind.LINK_GROUP)
                .message("FromLink")
                .hold();
        CompletionStage<SmcChannel> there = connect(pair.client(), atServer);
        CompletionStage<SmcChannel> back = connect(pair.server(), atClient);
        first.awaitStruck(BenchA.PATIENCE); // each has a queue pair for the other, and does not know it yet
        second.awaitStruck(BenchA.PATIENCE);
        first.release();
        second.release();
        assertThat(TestNode.await(there).info().transport()).isEqualTo(Transport.SMC_R);
        assertThat(TestNode.await(back).info().transport()).isEqualTo(Transport.SMC_R);
        assertThat(TestNode.await(there).info().linkGroup().orElseThrow().role())
                .isEqualTo(TestNode.await(back).info().linkGroup().orElseThrow().role())
                .isEqualTo("client");
    }

    private static SmcServerChannel listen(TestNode node) throws InterruptedException {
        return TestNode.await(node.smc().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    }

    private static CompletionStage<SmcChannel> connect(TestNode from, SmcServerChannel to) {
        return from.smc()
                .connect(to.localAddress(), ConnectOptions.defaults().withTransport(TransportPreference.SMC_R));
    }
}
