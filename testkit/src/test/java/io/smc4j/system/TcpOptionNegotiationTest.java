package io.smc4j.system;

import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.FallbackReason;
import io.smc4j.SmcChannel;
import io.smc4j.SmcServerChannel;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.rdma.tcpoption.Capabilities;
import io.smc4j.rdma.tcpoption.ControlGroups;
import io.smc4j.rdma.tcpoption.OptionProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strategy tcp-option, with the BPF program in this machine's kernel. */
@Timeout(60)
class TcpOptionNegotiationTest {
    private static final String STRATEGY = "smc4j.negotiation.strategy = tcp-option";
    private static final int PEER_NO_SMC = 0x03010000;

    private static void needPrivileges() throws IOException {
        assumeTrue(
                Capabilities.missing().isEmpty(),
                () -> "attaching the program takes " + Capabilities.missing() + ": run the tests as root");
        assumeTrue(ControlGroups.own().isPresent(), "no version 2 control groups here");
    }

    @Test
    void shouldSpeakSmcWhenBothSentTheOption() throws Exception {
        needPrivileges();
        try (TestNodes nodes = TestNodes.start(STRATEGY)) {
            for (TransportPreference transport : List.of(TransportPreference.SMC_R, TransportPreference.SMC_D)) {
                TestNodes.Ends ends = nodes.connect(transport);
                assertThat(ends.client().info().transport().label()).isEqualTo(transport.label());
                ends.client().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                ByteBuffer got = ByteBuffer.allocate(3);
                while (got.hasRemaining()) {
                    ends.server().read(got);
                }
                assertThat(got.array()).containsExactly(1, 2, 3);
            }
        }
    }

    /** As two services on one host do: what one of them attached goes with it. */
    @Test
    void shouldNotDependOnAnotherNodesAttachment() throws Exception {
        needPrivileges();
        try (TestNodes nodes = startedBesideNodesThatEnd()) {
            TestNodes.Ends ends = nodes.connect(TransportPreference.SMC_D);
            assertThat(ends.client().info().transport()).isEqualTo(Transport.SMC_D);
        }
    }

    private static TestNodes startedBesideNodesThatEnd() throws Exception {
        try (TestNodes first = TestNodes.start(STRATEGY)) {
            first.connect(TransportPreference.SMC_D); // so it has attached the program
            TestNodes second = TestNodes.start(STRATEGY);
            second.connect(TransportPreference.SMC_D);
            return second;
        }
    }

    @Test
    void shouldNotSendAByteOfItsOwnToAServerThatDidNotAnswer() throws Exception {
        needPrivileges();
        try (TestNodes nodes = TestNodes.start(STRATEGY);
                ServerSocket plain = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Socket> accepted = Traffic.run(plain::accept);
            SmcChannel channel = await(nodes.client.connect((InetSocketAddress) plain.getLocalSocketAddress()));
            FallbackReason why = channel.info().fallback().orElseThrow();
            assertThat(why.code()).isEqualTo(PEER_NO_SMC);
            assertThat(why.detail()).contains("SYN-ACK");
            try (Socket peer = await(accepted)) {
                channel.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
                assertThat(new String(peer.getInputStream().readNBytes(5), StandardCharsets.UTF_8))
                        .isEqualTo("hello");
            }
            channel.close();
        }
    }

    /** A server that speaks first need not wait for what such a client sends. */
    @Test
    void shouldKnowAPlainClientAtOnce() throws Exception {
        needPrivileges();
        try (TestNodes nodes = TestNodes.start(STRATEGY, "smc4j.negotiation.recognition-timeout = 10 s")) {
            SmcServerChannel listener = await(nodes.server.listen(TestNodes.anyPort()));
            try (Socket client = new Socket(
                    listener.localAddress().getAddress(),
                    listener.localAddress().getPort())) {
                client.setSoTimeout(5_000);
                SmcChannel server = await(listener.accept());
                assertThat(server.info().transport()).isEqualTo(Transport.TCP);
                assertThat(server.info().fallback().orElseThrow().detail()).contains("SYN");
                server.write(ByteBuffer.wrap("220 ready".getBytes(StandardCharsets.US_ASCII)));
                assertThat(client.getInputStream().readNBytes(9)).asString().isEqualTo("220 ready");
                server.close();
            }
        }
    }

    @Test
    void shouldSayWhatToRunIfTheProgramIsNotThere() throws Exception {
        assumeTrue(!OptionProbe.works(), "somebody has attached the program");
        try (TestNodes nodes = TestNodes.start(STRATEGY, "smc4j.negotiation.tcp-option.attach = false")) {
            TestNodes.Ends ends = nodes.connect(TransportPreference.SMC_D);
            assertThat(ends.client().info().transport()).isEqualTo(Transport.TCP);
            assertThat(ends.client().info().fallback().orElseThrow().detail())
                    .contains("smc4j enable-tcp-option")
                    .contains("attach is false");
        }
    }
}
