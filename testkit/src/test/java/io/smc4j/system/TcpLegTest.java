package io.smc4j.system;

import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.TransportPreference;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The TCP connection below an SMC connection ends, and nothing is said over SMC. */
@Timeout(60)
class TcpLegTest {
    @ParameterizedTest
    @EnumSource(
            value = TransportPreference.class,
            names = {"SMC_R", "SMC_D"})
    void shouldAbortWithAReasonWhenTheTcpConnectionBelowIsCut(TransportPreference transport) throws Exception {
        try (TestNodes nodes = TestNodes.start("smc4j.negotiation.strategy = explicit", "smc4j.clc.timeout = 1 s");
                Relay relay = new Relay(nodes.listener.localAddress())) {
            SmcChannel client = await(nodes.client.connect(relay.address(), TestNodes.options(transport)));
            SmcChannel server = await(nodes.listener.accept());
            assertThat(client.info().transport().label()).isEqualTo(transport.label());
            client.write(ByteBuffer.allocate(1));
            assertThat(server.read(ByteBuffer.allocate(1))).isEqualTo(1);

            relay.cut();

            for (SmcChannel end : new SmcChannel[] {client, server}) {
                SmcException failure = await(Traffic.run(() -> Traffic.failureOfReading(end)));
                assertThat(failure.category()).isEqualTo(SmcException.Category.RECONNECT);
                // Whoever notices first tells the other.
                assertThat(failure.getMessage())
                        .containsAnyOf("the TCP connection below it ended", "the peer aborted it");
                end.close();
            }
        }
    }

    /** Passes the bytes of one TCP connection on, until it is cut. */
    private static final class Relay implements AutoCloseable {
        private final ServerSocketChannel listener;
        private final SocketChannel far;
        private volatile SocketChannel near;

        Relay(InetSocketAddress server) throws IOException {
            listener = ServerSocketChannel.open().bind(TestNodes.anyPort());
            far = SocketChannel.open(server);
            Traffic.run(() -> {
                near = listener.accept();
                Traffic.run(() -> pass(near, far));
                return pass(far, near);
            });
        }

        InetSocketAddress address() throws IOException {
            return (InetSocketAddress) listener.getLocalAddress();
        }

        private static Void pass(SocketChannel from, SocketChannel to) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (from.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
            to.shutdownOutput();
            return null;
        }

        void cut() throws IOException {
            near.close();
            far.close();
        }

        @Override
        public void close() throws IOException {
            listener.close();
            cut();
        }
    }
}
