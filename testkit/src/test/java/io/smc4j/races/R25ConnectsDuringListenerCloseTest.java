package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.BindOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TCP connections keep coming in while the listener is being closed and freed. */
@Timeout(60)
class R25ConnectsDuringListenerCloseTest {
    private static final int THREADS = 4;
    private static final int EACH = 25;

    /** Connects until it is refused. @return how many were let in and seen to end */
    private static int storm(InetSocketAddress address, CountDownLatch some) throws IOException {
        int ended = 0;
        for (int i = 0; i < EACH; i++) {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(20_000);
                socket.connect(address);
                some.countDown();
                if (i % 2 == 0) {
                    socket.getOutputStream()
                            .write("GET / HTTP/1.0\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                }
                int read;
                do {
                    read = socket.getInputStream().read(); // the end, or a reset; a timeout would fail
                } while (read >= 0);
                ended++;
            } catch (java.net.SocketTimeoutException e) {
                throw new AssertionError("a connection was neither served nor closed", e);
            } catch (IOException e) {
                some.countDown(); // refused or reset
            }
        }
        return ended;
    }

    @Test
    void shouldServeOrCloseEveryOne() throws Exception {
        try (NodesA nodes = new NodesA("", "")) {
            SmcServerChannel listener = NodesA.await(nodes.server.listen(
                    new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0),
                    BindOptions.defaults().withBacklog(10)));
            InetSocketAddress address = listener.localAddress();
            CountDownLatch some = new CountDownLatch(20);
            List<CompletableFuture<Integer>> storms = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                CompletableFuture<Integer> storm = new CompletableFuture<>();
                storms.add(storm);
                Thread.ofVirtual().start(() -> {
                    try {
                        storm.complete(storm(address, some));
                    } catch (Throwable e) {
                        storm.completeExceptionally(e);
                    }
                });
            }
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        SmcChannel channel = listener.acceptBlocking();
                        channel.close();
                    }
                } catch (SmcException | InterruptedException e) {
                    // closed
                }
            });
            some.await();
            listener.close();
            NodesA.await(listener.closed());
            for (CompletableFuture<Integer> storm : storms) {
                assertThat(NodesA.await(storm)).isNotNegative();
            }
            // Its address is free for the next one.
            NodesA.await(nodes.server.listen(address, BindOptions.defaults())).close();
            nodes.assertNoLinkGroupResources();
        }
    }
}
