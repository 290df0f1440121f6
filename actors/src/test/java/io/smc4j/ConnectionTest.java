package io.smc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ConnectionTest {
    private Path shm;
    private NodePair nodes;

    @BeforeEach
    void start() throws Exception {
        shm = Files.createTempDirectory(Path.of("/dev/shm"), "smc4j-test-");
        nodes = NodePair.start(shm);
    }

    @AfterEach
    void stop() throws Exception {
        nodes.close();
        try (Stream<Path> left = Files.walk(shm)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TransportPreference.class)
    void shouldCarryBytesBothWays(TransportPreference transport) throws Exception {
        NodePair.Ends ends = nodes.connect(transport);
        ends.client().write(bytes("question"));
        assertThat(text(ends.server(), 8)).isEqualTo("question");
        ends.server().write(bytes("answer"));
        assertThat(text(ends.client(), 6)).isEqualTo("answer");

        ends.client().close();
        assertThat(ends.server().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        ends.server().close();
        NodePair.await(ends.client().terminated());
        NodePair.await(ends.server().terminated());
    }

    /** The owner of the device looks at everything once in its longest sleep; the peer's last flags do not wait for that. */
    @Test
    @Timeout(20)
    void shouldHearOfThePeersCloseAtOnce() throws Exception {
        Path other = Files.createTempDirectory(shm, "sleepy");
        try (NodePair sleepy = NodePair.start(other, "smc4j.idle.max-park = 10 s")) {
            for (int i = 0; i < 5; i++) {
                NodePair.Ends ends = sleepy.connect(TransportPreference.SMC_D);
                ends.client().write(bytes("question"));
                assertThat(text(ends.server(), 8)).isEqualTo("question");
                ends.server().write(bytes("answer"));
                assertThat(text(ends.client(), 6)).isEqualTo("answer");
                ends.client().close();
                assertThat(ends.server().read(ByteBuffer.allocate(1))).isEqualTo(-1);
                ends.server().close();
                NodePair.await(ends.client().terminated());
                NodePair.await(ends.server().terminated());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TransportPreference.class)
    void shouldWaitForAConnection(TransportPreference transport) throws Exception {
        ConnectOptions options = ConnectOptions.defaults().withTransport(transport);
        try (SmcChannel near = nodes.client.connectBlocking(nodes.listener.localAddress(), options);
                SmcChannel far = nodes.listener.acceptBlocking()) {
            near.write(bytes("question"));
            assertThat(text(far, 8)).isEqualTo("question");
        }
        try (SmcChannel near = nodes.client.connectBlocking(nodes.listener.localAddress());
                SmcChannel far = nodes.listener.acceptBlocking()) {
            far.write(bytes("answer"));
            assertThat(text(near, 6)).isEqualTo("answer");
        }
    }

    @Test
    void shouldSayWhyThereIsNoConnectionToWaitFor() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new InetSocketAddress(closed.getInetAddress(), closed.getLocalPort());
        }
        assertThatThrownBy(() -> nodes.client.connectBlocking(nobody))
                .isInstanceOfSatisfying(
                        SmcException.class,
                        failure -> assertThat(failure.category()).isEqualTo(SmcException.Category.RETRY))
                .hasMessageContaining("is a server listening there?")
                .hasStackTraceContaining("ConnectionTest");
        NodePair.await(nodes.client.shutdown());
        assertThatThrownBy(() -> nodes.client.connectBlocking(nodes.listener.localAddress()))
                .isInstanceOf(SmcException.class)
                .hasMessageContaining("shut down");
    }

    /**
     * R-29, for a thread that waits: nobody has the connection, so the server sees an abort, or nothing at all. The abort may be
     * there before the server's end of the connection is, and once was overlooked then: its reader waited for ever.
     */
    @ParameterizedTest
    @EnumSource(TransportPreference.class)
    @Timeout(60)
    void shouldLeaveNoConnectionBehindForAThreadThatIsInterrupted(TransportPreference transport) throws Exception {
        ConnectOptions options = ConnectOptions.defaults().withTransport(transport);
        for (int i = 0; i < 100; i++) {
            Thread.currentThread().interrupt();
            try {
                nodes.client
                        .connectBlocking(nodes.listener.localAddress(), options)
                        .abort(); // it was there at once
                assertThat(Thread.interrupted()).isTrue();
            } catch (InterruptedException e) {
                assertThat(Thread.interrupted()).isFalse();
            }
        }
        try (SmcChannel last = nodes.client.connectBlocking(nodes.listener.localAddress(), options)) {
            last.write(bytes("last"));
            while (!isLast(nodes.listener.acceptBlocking())) {}
        }
    }

    private static boolean isLast(SmcChannel far) throws Exception {
        try (far) {
            return text(far, 4).equals("last");
        } catch (SmcException e) {
            return false; // one that was left
        }
    }

    /** The application ended it itself, on both sides: that is no abort. */
    @Test
    void shouldSayToWhoCallsAClosedConnectionThatItIsClosed() throws Exception {
        NodePair.Ends ends = nodes.connect(TransportPreference.SMC_D);
        ends.client().shutdownOutput();
        assertThat(ends.server().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        ends.server().close();
        assertThat(ends.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        ends.client().close();
        NodePair.await(ends.client().terminated());
        NodePair.await(ends.server().terminated());
        assertThatThrownBy(() -> ends.client().write(bytes("late")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed")
                .hasMessageNotContaining("abort");
    }

    /** CONFIRM was once written by another thread than the one that handed the socket to the application. */
    @ParameterizedTest
    @EnumSource(TransportPreference.class)
    void shouldGiveTheServerAConnectionThatItsClientClosesAtOnce(TransportPreference transport) throws Exception {
        for (int i = 0; i < 10; i++) {
            nodes.client
                    .connect(
                            nodes.listener.localAddress(),
                            ConnectOptions.defaults().withTransport(transport))
                    .thenAccept(SmcChannel::close);
            SmcChannel far = NodePair.await(nodes.listener.accept());
            assertThat(far.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            far.close();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(SmcChannel channel, int length) throws Exception {
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining()) {
            assertThat(channel.read(target)).isPositive();
        }
        return new String(target.array(), StandardCharsets.UTF_8);
    }
}
