package io.smc4j.system;

import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.TransportPreference;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.testkit.ResourceLedger.Entry;
import io.smc4j.testkit.process.ChildJvm;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How long the end of a full link group takes. The promise is one second on a machine with nothing else to do; the bound here has
 * head-room for one that is busy, and {@code -Dtermination.millis=1000} takes it away.
 */
@Timeout(120)
class GroupTerminationTest {
    private static final int FULL = 255;
    private static final long BOUND_MILLIS = Long.getLong("termination.millis", 5000);
    private static final String SMALL_BUFFERS = "smc4j.smc-r.buffer-size = 16 KiB\nsmc4j.smc-d.buffer-size = 16 KiB";

    @ParameterizedTest
    @EnumSource(
            value = TransportPreference.class,
            names = {"SMC_R", "SMC_D"})
    void shouldEndAGroupOf255BusyConnectionsInASecond(TransportPreference transport) throws Exception {
        try (TestNodes nodes = TestNodes.start(SMALL_BUFFERS)) {
            AtomicLong moved = new AtomicLong();
            List<CompletableFuture<Void>> busy = new ArrayList<>();
            List<String> groups = new ArrayList<>();
            for (int i = 0; i < FULL; i++) {
                TestNodes.Ends ends = nodes.connect(transport);
                assertThat(ends.client().info().transport().label()).isEqualTo(transport.label());
                groups.add(ends.client().info().linkGroup().orElseThrow().id());
                busy.add(Traffic.run(() -> write(ends.client())));
                busy.add(Traffic.run(() -> read(ends.server(), moved)));
            }
            assertThat(groups.stream().distinct()).as("link groups").hasSize(1);
            Awaitility.await().atMost(TestNodes.PATIENCE).until(() -> moved.get() > 10_000_000);

            long start = System.nanoTime();
            CompletableFuture<?> stopped = nodes.server.shutdown().toCompletableFuture();
            stopped.get(TestNodes.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            long millis = (System.nanoTime() - start) / 1_000_000;

            System.out.printf("a group of %d busy connections over %s ended in %d ms%n", FULL, transport, millis);
            assertThat(nodes.ledger.open().stream().map(Entry::owner)).doesNotContain("server");
            for (CompletableFuture<Void> end : busy) {
                await(end); // every call has failed, with a reason
            }
            assertThat(millis).isLessThan(BOUND_MILLIS);
        }
    }

    /** A peer that stands still answers nothing, neither DELETE LINK nor anything else. */
    @Test
    void shouldNotBeDelayedBeyondItsDeadlinesByAPeerThatStandsStill() throws Exception {
        long deadline = 500;
        // Ending connections, telling the peer, clearing links: each is escalated once, and given up after another
        // deadline.
        long longest = 3 * 2 * deadline + BOUND_MILLIS;
        try (TestNodes nodes =
                TestNodes.start(SMALL_BUFFERS, "smc4j.link-group.termination-deadline = " + deadline + " ms")) {
            try (ChildJvm peer = ChildJvm.of(Peer.class)
                    .arguments(
                            nodes.sharedMemory.toString(),
                            TransportPreference.SMC_R.name(),
                            "connect",
                            Integer.toString(nodes.listener.localAddress().getPort()),
                            "40")
                    .start()) {
                List<CompletableFuture<SmcException>> readers = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    SmcChannel channel = await(nodes.listener.accept());
                    readers.add(Traffic.run(() -> Traffic.failureOfReading(channel)));
                }
                peer.awaitLine("transferring over smc-r", TestNodes.PATIENCE);
                peer.pause();

                long start = System.nanoTime();
                CompletableFuture<?> stopped = nodes.server.shutdown().toCompletableFuture();
                stopped.get(Duration.ofMillis(longest).plus(TestNodes.PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
                long millis = (System.nanoTime() - start) / 1_000_000;

                System.out.printf("with a peer that stands still a group ended in %d ms%n", millis);
                assertThat(millis).isLessThan(longest);
                for (CompletableFuture<SmcException> reader : readers) {
                    assertThat(await(reader).getMessage()).contains("this node shuts down");
                }
                peer.resume();
            }
            SharedDirectory.open(nodes.sharedMemory); // removes what the killed peer left
        }
    }

    private static Void write(SmcChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            while (true) {
                channel.write(buffer.clear());
            }
        } catch (SmcException e) {
            assertThat(e.category()).isEqualTo(SmcException.Category.RECONNECT);
            return null;
        }
    }

    private static Void read(SmcChannel channel, AtomicLong moved) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            while (true) {
                moved.addAndGet(channel.read(buffer.clear()));
            }
        } catch (SmcException e) {
            assertThat(e.category()).isEqualTo(SmcException.Category.RECONNECT);
            return null;
        }
    }
}
