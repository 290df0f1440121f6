package io.smc4j.system;

import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcChannel;
import io.smc4j.TransportPreference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that say what they have to say and end their output at once. */
@Timeout(60)
class HastyClientTest {
    private static final int ROUNDS = 12;
    private static final int AT_ONCE = 25;

    /** Ending the output ends the TCP connection's too: that must not overtake CONFIRM, which another thread writes. */
    @ParameterizedTest
    @EnumSource(
            value = TransportPreference.class,
            names = {"SMC_R", "SMC_D"})
    void shouldBeServedThoughTheyShutDownAtOnce(TransportPreference transport) throws Exception {
        try (TestNodes nodes = TestNodes.start()) {
            for (int round = 0; round < ROUNDS; round++) {
                List<CompletableFuture<Void>> clients = new ArrayList<>();
                List<CompletableFuture<Integer>> served = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    served.add(Traffic.run(() -> serve(nodes.listener.acceptBlocking())));
                    clients.add(Traffic.run(() -> {
                        try (SmcChannel channel = nodes.client
                                .connect(nodes.listener.localAddress(), TestNodes.options(transport))
                                .toCompletableFuture()
                                .get()) {
                            channel.write(ByteBuffer.allocate(1));
                            channel.shutdownOutput();
                            assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(2);
                        }
                        return null;
                    }));
                }
                for (int i = 0; i < AT_ONCE; i++) {
                    await(clients.get(i));
                    assertThat(await(served.get(i))).isEqualTo(1);
                }
            }
        }
    }

    private static int serve(SmcChannel channel) throws Exception {
        try (channel) {
            ByteBuffer buffer = ByteBuffer.allocate(10);
            while (channel.read(buffer) >= 0) {
                // to the end
            }
            channel.write(ByteBuffer.allocate(2));
            return buffer.position();
        }
    }
}
