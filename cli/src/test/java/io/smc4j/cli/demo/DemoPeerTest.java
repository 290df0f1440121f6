package io.smc4j.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DemoPeerTest {
    private final CompletableFuture<Long> served = new CompletableFuture<>();
    private SocketChannel client = socket();

    @BeforeEach
    void startServer() throws Exception {
        ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().start(() -> {
            try (server;
                    SocketChannel accepted = server.accept();
                    DemoPeer peer = new DemoPeer(accepted)) {
                served.complete(peer.serve());
            } catch (IOException e) {
                served.completeExceptionally(e);
            }
        });
        client.connect(server.getLocalAddress());
    }

    @AfterEach
    void close() throws Exception {
        client.close();
    }

    @Test
    void shouldReceiveAFileAndTellItsLengthAndChecksum(@TempDir Path directory) throws Exception {
        byte[] content = new byte[2_500_000];
        new SplittableRandom(1).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);
        try (FileSource source = new FileSource(file)) {
            long[] last = {0};
            assertThat(source.move(client, source.length(), bytes -> last[0] = bytes))
                    .isPositive();
            assertThat(last[0]).isEqualTo(content.length);
            Wire.request(client, Wire.SUM, 0);
            ByteBuffer answer = ByteBuffer.allocate(Long.BYTES + Wire.SHA_BYTES);
            Wire.fill(client, answer);
            assertThat(answer.getLong(0)).isEqualTo(content.length);
            assertThat(HexFormat.of().formatHex(answer.array(), 8, 40)).isEqualTo(source.sha256());
        }
        client.shutdownOutput();
        assertThat(served.join()).isEqualTo(content.length);
    }

    @Test
    void shouldRefuseRequestsItDoesNotKnowAndPartsOfImpossibleSize() throws Exception {
        Wire.request(client, Wire.PART, Long.MAX_VALUE);
        assertThatThrownBy(served::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("announced a part");
    }

    @Test
    void shouldFailWhenTheClientGoesAwayInTheMiddle() throws Exception {
        Wire.request(client, Wire.PART, 1000);
        client.write(ByteBuffer.allocate(10));
        client.shutdownOutput();
        assertThatThrownBy(served::join).hasMessageContaining("990 bytes were still expected");
    }

    private static SocketChannel socket() {
        try {
            return SocketChannel.open();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
