package io.smc4j.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.Smc;
import io.smc4j.SmcServerChannel;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.testkit.ResourceLedger;
import io.smc4j.testkit.faults.FaultDirector;
import io.smc4j.testkit.faults.FaultLog;
import io.smc4j.testkit.faults.FaultyDevice;
import io.smc4j.testkit.faults.FaultyDevices;
import io.smc4j.testkit.faults.FaultyIsmDevice;
import io.smc4j.testkit.node.NodePair;
import io.smc4j.testkit.node.TestNode;
import io.smc4j.testkit.time.TestClock;
import java.nio.ByteBuffer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link SmcTest} gives a test, and what it does with it. */
@SmcTest
class SmcTestTest {
    @Test
    void shouldGiveEachNodeWhatBelongsToIt(
            NodePair pair,
            @Client Smc client,
            @Server Smc server,
            @Client FaultyDevices devices,
            @Server FaultyDevice rdma,
            @Client FaultyIsmDevice ism,
            @Server FaultDirector director,
            @Client TestNode node,
            @Server ActorSystem<?> system,
            SmcServerChannel listener,
            TestClock clock,
            ResourceLedger ledger,
            FaultLog log) {
        assertThat(pair.client().smc()).isSameAs(client);
        assertThat(pair.server().smc()).isSameAs(server);
        assertThat(node.devices()).isSameAs(devices);
        assertThat(pair.server().devices().rdma()).isSameAs(rdma);
        assertThat(devices.ism()).isSameAs(ism);
        assertThat(pair.server().director()).isSameAs(director);
        assertThat(system.name()).isEqualTo("server");
        assertThat(listener.localAddress().getPort()).isPositive();
        assertThat(clock.isFlowing()).isTrue();
        assertThat(ledger.open()).isNotEmpty();
        assertThat(log.total()).isZero();
    }

    @ParameterizedTest
    @EnumSource(TransportPreference.class)
    void shouldConnectOverEveryTransport(TransportPreference transport, NodePair pair, SmcServerChannel listener)
            throws Exception {
        NodePair.Ends ends = pair.connect(listener, transport);
        ends.client().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        ByteBuffer got = ByteBuffer.allocate(3);
        while (got.hasRemaining()) {
            assertThat(ends.server().read(got)).isPositive();
        }
        assertThat(got.array()).containsExactly(1, 2, 3);
        if (transport != TransportPreference.AUTO) {
            assertThat(ends.client().info().transport()).isEqualTo(Transport.valueOf(transport.name()));
        }
    }

    @Test
    @SmcTest(clock = SmcTest.Clock.STANDING)
    void shouldConnectWhileTheClockStands(NodePair pair, SmcServerChannel listener) throws Exception {
        NodePair.Ends ends = pair.connect(listener, TransportPreference.SMC_R);
        assertThat(ends.client().info().transport()).isEqualTo(Transport.SMC_R);
        assertThat(pair.clock().isFlowing()).isFalse();
        ends.client().close();
        ends.server().close();
    }
}
