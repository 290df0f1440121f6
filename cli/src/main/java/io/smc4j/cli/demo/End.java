package io.smc4j.cli.demo;

import io.smc4j.ConnectionInfo;
import io.smc4j.SmcChannel;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** One end of a connection of the demo: smc4j's, or plain Java's that knows nothing of SMC. */
sealed interface End extends AutoCloseable {
    ByteChannel channel();

    /** What smc4j says about it; nothing for plain Java. */
    Optional<ConnectionInfo> info();

    void shutdownOutput() throws IOException;

    @Override
    void close() throws IOException;

    /** Over smc4j. */
    record Smc(SmcChannel channel) implements End {
        @Override
        public Optional<ConnectionInfo> info() {
            return Optional.of(channel.info());
        }

        @Override
        public void shutdownOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public void close() {
            channel.close();
        }
    }

    /** Plain {@code java.nio}, blocking. */
    record Plain(SocketChannel channel) implements End {
        @Override
        public Optional<ConnectionInfo> info() {
            return Optional.empty();
        }

        @Override
        public void shutdownOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
