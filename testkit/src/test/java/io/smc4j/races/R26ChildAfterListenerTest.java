package io.smc4j.races;

import io.smc4j.TransportPreference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** an accepted connection outlives its listener; nothing of it may lead into the listener. */
@Timeout(60)
class R26ChildAfterListenerTest {
    @Test
    void shouldGoOnWhenItsListenerIsGone() throws Exception {
        try (NodesA nodes = new NodesA("", "")) {
            List<NodesA.Ends> all = new ArrayList<>();
            for (TransportPreference transport : TransportPreference.values()) {
                all.add(nodes.connect(transport));
            }
            nodes.listener.close();
            NodesA.await(nodes.listener.closed());
            for (NodesA.Ends ends : all) {
                ends.exchange("after the listener");
                var readable = new java.util.concurrent.CompletableFuture<Void>();
                ends.far().onReadable(() -> readable.complete(null)); // a callback registered only now
                ends.near().write(java.nio.ByteBuffer.wrap(new byte[] {1}));
                NodesA.await(readable);
                ends.far().read(java.nio.ByteBuffer.allocate(1));
                ends.close();
            }
        }
    }
}
