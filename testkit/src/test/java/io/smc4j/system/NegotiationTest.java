package io.smc4j.system;

import static io.smc4j.system.TestNodes.PATIENCE;
import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.smc4j.BindOptions;
import io.smc4j.ConnectOptions;
import io.smc4j.FallbackReason;
import io.smc4j.SmcChannel;
import io.smc4j.SmcServerChannel;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Who speaks SMC with whom, who does not, and what a listener makes of bytes that are nobody's language. */
@Timeout(60)
class NegotiationTest {
    private static final byte[] EYECATCHER = {(byte) 0xE2, (byte) 0xD4, (byte) 0xC3, (byte) 0xD9};
    private static final int PEER_NO_SMC = 0x03010000;
    private static final int DECLINED = 0x05000000;

    @Test
    void shouldSpeakSmcWhenBothEndsWereTold() throws Exception {
        try (TestNodes nodes = TestNodes.start("smc4j.negotiation.strategy = explicit")) {
            for (TransportPreference transport : List.of(TransportPreference.SMC_R, TransportPreference.SMC_D)) {
                TestNodes.Ends ends = nodes.connect(transport);
                assertThat(ends.client().info().transport().label()).isEqualTo(transport.label());
                question(ends.client(), ends.server());
            }
        }
    }

    @Test
    void shouldFallBackForAPlainTcpServer() throws Exception {
        try (TestNodes nodes = TestNodes.start();
                ServerSocket plain = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Socket> accepted = Traffic.run(plain::accept);
            SmcChannel channel = await(nodes.client.connect((InetSocketAddress) plain.getLocalSocketAddress()));
            assertThat(channel.info().transport()).isEqualTo(Transport.TCP);
            FallbackReason why = channel.info().fallback().orElseThrow();
            assertThat(why.code()).isEqualTo(PEER_NO_SMC);
            assertThat(why.detail()).contains("no SMC listener").contains("explicit");
            try (Socket peer = await(accepted)) {
                channel.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
                assertThat(new String(peer.getInputStream().readNBytes(5), StandardCharsets.UTF_8))
                        .as("the first byte is the application's")
                        .isEqualTo("hello");
                peer.getOutputStream().write('!');
                assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(1);
            }
            channel.close();
        }
    }

    @Test
    void shouldSpeakSmcFromASocketThatWasToBeBoundToAnyAddress() throws Exception {
        try (TestNodes nodes = TestNodes.start()) {
            for (int time = 0; time < 3; time++) { // the first finds the listener's record, others know it
                SmcChannel near = await(nodes.client.connect(
                        nodes.listener.localAddress(),
                        ConnectOptions.defaults().withLocalAddress(new InetSocketAddress(0))));
                SmcChannel far = await(nodes.listener.accept());
                assertThat(near.info().transport()).isEqualTo(Transport.SMC_D);
                question(near, far);
            }
        }
    }

    @Test
    void shouldFallBackForAListenerThatAllowsTcpOnly() throws Exception {
        try (TestNodes nodes = TestNodes.start()) {
            SmcServerChannel listener = await(nodes.server.listen(
                    TestNodes.anyPort(), BindOptions.defaults().withTransport(TransportPreference.TCP)));
            SmcChannel near = await(nodes.client.connect(listener.localAddress()));
            SmcChannel far = await(listener.accept());
            assertThat(near.info().fallback().orElseThrow().code()).isEqualTo(PEER_NO_SMC);
            assertThat(far.info().fallback().orElseThrow().detail()).contains("TCP only");
            question(near, far);
            listener.close();
            await(listener.closed());
        }
    }

    @Test
    void shouldServeAnOrdinaryTcpClient() throws Exception {
        try (TestNodes nodes = TestNodes.start("smc4j.negotiation.recognition-timeout = 50 ms")) {
            for (boolean clientSpeaksFirst : new boolean[] {true, false}) {
                try (Socket client = raw(nodes)) {
                    if (clientSpeaksFirst) {
                        client.getOutputStream().write("GET /".getBytes(StandardCharsets.UTF_8));
                    }
                    SmcChannel channel = await(nodes.listener.accept());
                    assertThat(channel.info().fallback().orElseThrow().code()).isEqualTo(PEER_NO_SMC);
                    if (clientSpeaksFirst) {
                        ByteBuffer got = ByteBuffer.allocate(5);
                        while (got.hasRemaining()) {
                            assertThat(channel.read(got)).isPositive();
                        }
                        assertThat(new String(got.array(), StandardCharsets.UTF_8))
                                .isEqualTo("GET /");
                    }
                    channel.write(ByteBuffer.wrap("220 hello".getBytes(StandardCharsets.UTF_8)));
                    channel.close();
                    assertThat(client.getInputStream().readAllBytes()).hasSize(9);
                }
            }
        }
    }

    @Test
    void shouldDeclineWithReasonsOnBothSidesWithoutACommonEnterpriseId() throws Exception {
        try (TestNodes nodes = TestNodes.startDifferent("smc4j.ueids = [\"ONE\"]", "smc4j.ueids = [\"TWO\"]")) {
            TestNodes.Ends ends = nodes.connect(TransportPreference.AUTO);
            FallbackReason near = ends.client().info().fallback().orElseThrow();
            FallbackReason far = ends.server().info().fallback().orElseThrow();
            assertThat(far.symbol()).isEqualTo("NOUEID");
            assertThat(far.detail()).contains("ONE").contains("TWO").contains("smc4j.ueids");
            assertThat(near.code()).isEqualTo(DECLINED);
            assertThat(near.peerDiagnosis()).hasValue(far.code());
            question(ends.client(), ends.server());
        }
    }

    @Test
    void shouldRefuseGarbageWithAReasonAndKeepServing() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("io.smc4j.actors.handshake");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        RandomGenerator random = Traffic.random("garbage").generator(1);
        try (TestNodes nodes =
                TestNodes.start("smc4j.clc.timeout = 400 ms", "smc4j.negotiation.recognition-timeout = 100 ms")) {
            List<byte[]> garbage = List.of(
                    clc(1, 60, 20, random), // half a PROPOSAL, then silence
                    clc(1, 8, 8, random), // a PROPOSAL too short to be one
                    clc(1, 0, 100, random), // length 0
                    clc(1, 0xFFFF, 100, random), // length beyond any message
                    clc(1, 300, 300, random), // the right length, and nonsense
                    clc(2, 68, 68, random), // an ACCEPT first
                    clc(3, 100, 100, random), // a CONFIRM first
                    clc(77, 80, 80, random), // no such type
                    EYECATCHER);
            for (byte[] bytes : garbage) {
                int before = log.list.size();
                try (Socket client = raw(nodes)) {
                    OutputStream out = client.getOutputStream();
                    out.write(bytes);
                    InputStream in = client.getInputStream();
                    client.setSoTimeout((int) PATIENCE.toMillis());
                    assertEnd(in);
                }
                Awaitility.await()
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(List.copyOf(log.list).subList(before, log.list.size()))
                                .anySatisfy(event -> assertThat(event.getFormattedMessage())
                                        .contains("connection from /127.0.0.1")
                                        .contains("refused")));
                stillServes(nodes);
            }
            for (int i = 0; i < 20; i++) {
                raw(nodes).close(); // connect and close
            }
            for (int i = 0; i < 10; i++) { // random bytes are an ordinary TCP client's
                byte[] bytes = new byte[1 + random.nextInt(2000)];
                random.nextBytes(bytes);
                bytes[0] = 1;
                try (Socket client = raw(nodes)) {
                    client.getOutputStream().write(bytes);
                    client.shutdownOutput();
                }
            }
            stillServes(nodes);
            log.list.forEach(event -> System.out.println("  log: " + event.getFormattedMessage()));
        } finally {
            logger.detachAppender(log);
        }
    }

    private static void assertEnd(InputStream in) {
        try {
            in.readAllBytes(); // perhaps a DECLINE, then the end
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the listener did not give the connection up", e);
        } catch (java.io.IOException e) {
            // reset: as good
        }
    }

    private static void stillServes(TestNodes nodes) throws Exception {
        SmcChannel near = await(
                nodes.client.connect(nodes.listener.localAddress(), TestNodes.options(TransportPreference.SMC_D)));
        assertThat(near.info().transport()).isEqualTo(Transport.SMC_D);
        SmcChannel far = await(nodes.listener.accept());
        while (far.info().transport() == Transport.TCP) { // connected and closed: to TCP a client like others
            far.close();
            far = await(nodes.listener.accept());
        }
        question(near, far);
        await(near.terminated());
        await(far.terminated());
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> nodes.actors("connection-").isEmpty());
    }

    /** A message head with that type and length, and nonsense up to {@code bytes}. */
    private static byte[] clc(int type, int length, int bytes, RandomGenerator random) {
        byte[] message = new byte[bytes];
        random.nextBytes(message);
        ByteBuffer.wrap(message)
                .put(EYECATCHER)
                .put((byte) type)
                .putShort((short) length)
                .put((byte) 0x20);
        return message;
    }

    private static Socket raw(TestNodes nodes) throws Exception {
        return new Socket(
                InetAddress.getLoopbackAddress(), nodes.listener.localAddress().getPort());
    }

    private static void question(SmcChannel client, SmcChannel server) throws Exception {
        client.write(ByteBuffer.allocate(8).putLong(0, 42));
        ByteBuffer got = ByteBuffer.allocate(8);
        while (got.hasRemaining()) {
            assertThat(server.read(got)).isPositive();
        }
        assertThat(got.getLong(0)).isEqualTo(42);
        client.close();
        assertThat(server.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        server.close();
    }
}
