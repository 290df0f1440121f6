package io.smc4j.testkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.ConnectOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.testkit.junit.SmcTest;
import io.smc4j.testkit.node.NodePair;
import io.smc4j.testkit.node.TestNode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The TCP leg of connections passes through the proxy, whatever the negotiation, and fails as it is told. */
@SmcTest
class TcpFaultsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static TcpFaults proxy(NodePair pair, SmcServerChannel listener) {
        return TcpFaults.before(listener.localAddress(), pair.world().sharedMemory(), pair.log());
    }

    private static CompletableFuture<SmcChannel> connecting(
            NodePair pair, TcpFaults tcp, TransportPreference transport) {
        return pair.client()
                .smc()
                .connect(tcp.address(), ConnectOptions.defaults().withTransport(transport))
                .toCompletableFuture();
    }

    private static NodePair.Ends connect(
            NodePair pair, SmcServerChannel listener, TcpFaults tcp, TransportPreference transport) throws Exception {
        SmcChannel client = TestNode.await(connecting(pair, tcp, transport));
        return new NodePair.Ends(client, TestNode.await(listener.accept()));
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportPreference.class,
            names = {"SMC_R", "SMC_D"})
    void shouldPassConnectionsWithRendezvous(TransportPreference transport, NodePair pair, SmcServerChannel listener)
            throws Exception {
        try (TcpFaults tcp = proxy(pair, listener)) {
            NodePair.Ends ends = connect(pair, listener, tcp, transport);
            assertThat(ends.client().info().transport()).isEqualTo(Transport.valueOf(transport.name()));
            Bytes.exchange(ends.client(), ends.server(), 100_000);
            assertThat(tcp.connections()).isEqualTo(1);
            assertThat(tcp.passed(TcpFaults.Leg.TO_SERVER)).isPositive().isLessThan(10_000);
        }
    }

    @Test
    @SmcTest("smc4j.negotiation.strategy = explicit")
    void shouldPassConnectionsWithExplicitNegotiation(NodePair pair, SmcServerChannel listener) throws Exception {
        try (TcpFaults tcp = TcpFaults.before(listener.localAddress(), pair.log())) {
            NodePair.Ends ends = connect(pair, listener, tcp, TransportPreference.SMC_R);
            assertThat(ends.client().info().transport()).isEqualTo(Transport.SMC_R);
            Bytes.exchange(ends.client(), ends.server(), 1000);
        }
    }

    /** As in Linux: once the bytes move through memory, nobody looks at the TCP connection until it is closed. */
    @Test
    void shouldCutTcpConnectionsAndLeaveThoseAloneThatMoveBytesThroughMemory(NodePair pair, SmcServerChannel listener)
            throws Exception {
        try (TcpFaults tcp = proxy(pair, listener)) {
            NodePair.Ends memory = connect(pair, listener, tcp, TransportPreference.SMC_D);
            NodePair.Ends plain = connect(pair, listener, tcp, TransportPreference.TCP);
            tcp.cut();
            assertThatThrownBy(() -> plain.client().read(ByteBuffer.allocate(1)))
                    .isInstanceOf(SmcException.class);
            assertThatThrownBy(() -> plain.server().read(ByteBuffer.allocate(1)))
                    .isInstanceOf(SmcException.class);
            Bytes.exchange(memory.client(), memory.server(), 1000);
            assertThat(pair.log().count(FaultKind.TCP_CUT)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(TcpFaults.Leg.class)
    void shouldCutHandshakesInTheMiddleOfAMessage(TcpFaults.Leg leg, NodePair pair, SmcServerChannel listener)
            throws Exception {
        try (TcpFaults tcp = proxy(pair, listener)) {
            tcp.cutInMessage(leg, 1);
            CompletableFuture<SmcChannel> cut = connecting(pair, tcp, TransportPreference.SMC_R);
            // The PROPOSAL may be cut before the client knows that it is connected: then the socket's own failure is
            // below.
            assertThatThrownBy(() -> cut.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(SmcException.class);
            assertThat(pair.log().count(FaultKind.TCP_TRUNCATED)).isEqualTo(1);
            tcp.resume(leg);
            assertThat(connect(pair, listener, tcp, TransportPreference.SMC_R)
                            .client()
                            .info()
                            .transport())
                    .isEqualTo(Transport.SMC_R);
        }
    }

    @Test
    @SmcTest("smc4j.clc.timeout = 2 s")
    void shouldStallAHandshakeInTheMiddleOfAMessage(NodePair pair, SmcServerChannel listener) throws Exception {
        try (TcpFaults tcp = proxy(pair, listener)) {
            tcp.stallInMessage(TcpFaults.Leg.TO_CLIENT, 1);
            CompletableFuture<SmcChannel> stalled = connecting(pair, tcp, TransportPreference.SMC_R);
            assertThatThrownBy(() -> stalled.get(20, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(SmcException.class)
                    .hasStackTraceContaining("did not answer");
            assertThat(tcp.passed(TcpFaults.Leg.TO_CLIENT)).isPositive();
        }
    }

    @Test
    void shouldStallAndResumeAConnectionThatFellBack(NodePair pair, SmcServerChannel listener) throws Exception {
        try (TcpFaults tcp = proxy(pair, listener)) {
            NodePair.Ends ends = connect(pair, listener, tcp, TransportPreference.TCP);
            tcp.stall(TcpFaults.Leg.TO_SERVER);
            ends.client().write(ByteBuffer.wrap(new byte[] {5}));
            assertThat(ends.server().tryRead(ByteBuffer.allocate(1))).isZero();
            Bytes.exchange(ends.server(), ends.client(), 1000); // the other way goes on
            tcp.resume(TcpFaults.Leg.TO_SERVER);
            assertThat(ends.server().read(ByteBuffer.allocate(1))).isEqualTo(1);
        }
    }

    @Test
    void shouldCutBehindSoManyBytes(NodePair pair, SmcServerChannel listener) throws Exception {
        try (TcpFaults tcp = proxy(pair, listener)) {
            NodePair.Ends ends = connect(pair, listener, tcp, TransportPreference.TCP);
            tcp.cutAfter(TcpFaults.Leg.TO_SERVER, 1000);
            Bytes.write(ends.client(), 1001);
            pair.log().await(FaultKind.TCP_CUT, 1, LIMIT);
            assertThat(tcp.passed(TcpFaults.Leg.TO_SERVER)).isEqualTo(1000);
            assertThatThrownBy(() -> ends.client().read(ByteBuffer.allocate(1))).isInstanceOf(SmcException.class);
        }
    }

    @Test
    void shouldRefuseConnections(NodePair pair, SmcServerChannel listener) throws Exception {
        try (TcpFaults tcp = proxy(pair, listener)) {
            tcp.refuse(true);
            assertThatThrownBy(() -> {
                        SmcChannel refused = TestNode.await(connecting(pair, tcp, TransportPreference.SMC_R));
                        refused.read(ByteBuffer.allocate(1)); // the reset may come after the connection was there
                    })
                    .satisfiesAnyOf(
                            e -> assertThat(e).isInstanceOf(SmcException.class),
                            e -> assertThat(e).hasCauseInstanceOf(SmcException.class));
            tcp.refuse(false);
            assertThat(connect(pair, listener, tcp, TransportPreference.SMC_R)).isNotNull();
        }
    }
}
