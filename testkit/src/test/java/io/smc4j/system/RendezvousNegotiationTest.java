package io.smc4j.system;

import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.FallbackReason;
import io.smc4j.SmcChannel;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.protocol.PeerId;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.rdma.rendezvous.Announcer;
import io.smc4j.rdma.rendezvous.Arrival;
import io.smc4j.rdma.rendezvous.ListenerLookup;
import io.smc4j.rdma.rendezvous.ListenerRecord;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** There is a listener's record, and behind its port a server that is the test: what the client sends where, and what it makes of the answer. */
@Timeout(60)
class RendezvousNegotiationTest {
    private static final int PEER_NO_SMC = 0x03010000;

    /** A port with a record, and who connects there. */
    private static final class Port implements AutoCloseable {
        final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        final ListenerRecord record;
        final CompletableFuture<Socket> accepted = Traffic.run(socket::accept);

        Port(TestNodes nodes) throws Exception {
            record = ListenerRecord.publish(SharedDirectory.open(nodes.sharedMemory), address());
        }

        InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        /** Once its client, which is connected before it announces itself, has done so. */
        Optional<byte[]> announcementOf(Socket client) {
            Arrival arrival = record.arrived((InetSocketAddress) client.getRemoteSocketAddress());
            while (!arrival.look()) {
                Thread.onSpinWait();
            }
            return arrival.announcement();
        }

        @Override
        public void close() throws Exception {
            record.close();
            socket.close();
        }
    }

    private static String read(SmcChannel channel, int most) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(most);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    }

    private static void write(SmcChannel channel, String text) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static String read(Socket socket, int count) throws Exception {
        return new String(socket.getInputStream().readNBytes(count), StandardCharsets.US_ASCII);
    }

    @Test
    void shouldLeaveItsProposalInTheRecordAndSendNothingBeforeTheAnswer() throws Exception {
        try (TestNodes nodes = TestNodes.start();
                Port port = new Port(nodes)) {
            CompletableFuture<SmcChannel> connecting =
                    nodes.client.connect(port.address()).toCompletableFuture();
            try (Socket server = await(port.accepted)) {
                Optional<byte[]> opening = port.announcementOf(server);
                assertThat(ClcCodec.decode(ByteBuffer.wrap(opening.orElseThrow())))
                        .isInstanceOf(ClcProposal.class);
                server.getOutputStream()
                        .write(ClcCodec.encode(
                                ClcDecline.of(2, new PeerId(0x1234_0200_0000_0001L), DiagnosisCode.NOSMCDEV)));
                SmcChannel channel = await(connecting);
                FallbackReason why = channel.info().fallback().orElseThrow();
                assertThat(why.peerDiagnosis()).hasValue(DiagnosisCode.NOSMCDEV.code());
                write(channel, "hello");
                assertThat(read(server, 5))
                        .as("the first bytes on the connection")
                        .isEqualTo("hello");
                channel.close();
            }
        }
    }

    /** The port was somebody else's by the time the client came. */
    @Test
    void shouldGiveTheBytesOfAnOrdinaryServerThatSpeaksFirstToTheApplication() throws Exception {
        try (TestNodes nodes = TestNodes.start();
                Port port = new Port(nodes)) {
            CompletableFuture<SmcChannel> connecting =
                    nodes.client.connect(port.address()).toCompletableFuture();
            try (Socket server = await(port.accepted)) {
                server.getOutputStream().write("220 ready".getBytes(StandardCharsets.US_ASCII));
                SmcChannel channel = await(connecting);
                assertThat(channel.info().transport()).isEqualTo(Transport.TCP);
                assertThat(channel.info().fallback().orElseThrow().code()).isEqualTo(PEER_NO_SMC);
                assertThat(read(channel, 9)).isEqualTo("220 ready");
                write(channel, "QUIT");
                assertThat(read(server, 4)).isEqualTo("QUIT");
                channel.close();
            }
        }
    }

    @Test
    void shouldFallBackInTimeForAnOrdinaryServerThatWaits() throws Exception {
        try (TestNodes nodes = TestNodes.start("smc4j.clc.timeout = 200 ms");
                Port port = new Port(nodes)) {
            CompletableFuture<SmcChannel> connecting =
                    nodes.client.connect(port.address()).toCompletableFuture();
            try (Socket server = await(port.accepted)) {
                SmcChannel channel = await(connecting);
                assertThat(channel.info().fallback().orElseThrow().code()).isEqualTo(PEER_NO_SMC);
                assertThat(port.announcementOf(server)).as("taken back").isEmpty();
                write(channel, "GET /");
                assertThat(read(server, 5)).isEqualTo("GET /");
                channel.close();
            }
        }
    }

    /** It was stopped between connecting and announcing, and its connection is nobody's: others must not suffer for long. */
    @Test
    void shouldServeOthersWhileAClientThatApproachedSaysNothing() throws Exception {
        try (TestNodes nodes = TestNodes.start();
                SharedNode self = SharedNode.open(SharedDirectory.open(nodes.sharedMemory), 64);
                Announcer stopped =
                        ListenerLookup.find(self, nodes.listener.localAddress()).orElseThrow()) {
            assertThat(stopped.approach()).isTrue();
            try (Socket plain = new Socket()) {
                plain.connect(nodes.listener.localAddress());
                plain.getOutputStream().write("GET /".getBytes(StandardCharsets.US_ASCII));
                SmcChannel served = await(nodes.listener.accept());
                assertThat(served.info().transport()).isEqualTo(Transport.TCP);
                assertThat(read(served, 5)).isEqualTo("GET /");
                served.close();
            }
            TestNodes.Ends ends = nodes.connect(TransportPreference.SMC_D);
            assertThat(ends.client().info().transport()).isEqualTo(Transport.SMC_D);
        }
    }

    @Test
    void shouldShowTheApplicationTheEndOfAnOrdinaryServerThatClosesAtOnce() throws Exception {
        try (TestNodes nodes = TestNodes.start();
                Port port = new Port(nodes)) {
            CompletableFuture<SmcChannel> connecting =
                    nodes.client.connect(port.address()).toCompletableFuture();
            await(port.accepted).close();
            SmcChannel channel = await(connecting);
            assertThat(channel.info().transport()).isEqualTo(Transport.TCP);
            assertThat(read(channel, 1)).isEmpty();
            channel.close();
        }
    }
}
