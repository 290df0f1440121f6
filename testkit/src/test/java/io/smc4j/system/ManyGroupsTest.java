package io.smc4j.system;

import static io.smc4j.system.TestNodes.PATIENCE;
import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.rdma.PortControl;
import io.smc4j.rdma.PortState;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Connections by the thousand fill tens of link groups while ports go down and up, and are closed again.
 *
 * <p>{@code -Dload.connections=10000 -Dload.group=100 -Dload.open=4500} is the long form: always about 45 groups at once.
 */
@Timeout(1800)
class ManyGroupsTest {
    private static final int CONNECTIONS = Integer.getInteger("load.connections", 700);
    private static final int PER_GROUP = Integer.getInteger("load.group", 16);
    private static final int MOST_OPEN = Integer.getInteger("load.open", CONNECTIONS);
    private static final int AT_ONCE = 24;
    private static final int DOWN_MILLIS = 40;
    private static final int UP_MILLIS = 400;

    private final ConcurrentLinkedQueue<SmcChannel> open = new ConcurrentLinkedQueue<>();
    private final Set<String> groups = new HashSet<>();
    private final AtomicInteger smcr = new AtomicInteger();
    private final Map<String, Integer> fallbacks = new ConcurrentHashMap<>();
    private final AtomicInteger aborted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @Test
    void shouldLeaveNothingOfTensOfGroupsWhoseLinksFlapped() throws Exception {
        try (TestNodes nodes = TestNodes.start(
                "smc4j.smc-r.buffer-size = 16 KiB",
                "smc4j.smc-r.max-connections = " + PER_GROUP,
                "smc4j.link-group.idle-timeout-server = 500 ms",
                "smc4j.link-group.idle-timeout-client = 1 s")) {
            List<String> files = nodes.files();
            CountDownLatch over = new CountDownLatch(1);
            CompletableFuture<Integer> flaps = flap(nodes, over);
            Traffic.run(() -> serve(nodes));
            long start = System.nanoTime();
            openAll(nodes);
            long allOpen = System.nanoTime();
            open.forEach(SmcChannel::close);
            nodes.ledger.assertNoLinkGroupResources(PATIENCE.multipliedBy(6));
            over.countDown();
            System.out.printf(
                    "%d connections over SMC-R in %d groups, over TCP: %s, %d refused, %d aborted, %d ports flapped;"
                            + " all open after %d ms, all gone %d ms later%n",
                    smcr.get(),
                    groups.size(),
                    fallbacks,
                    refused.get(),
                    aborted.get(),
                    await(flaps),
                    (allOpen - start) / 1_000_000,
                    (System.nanoTime() - allOpen) / 1_000_000);

            assertThat(groups).hasSizeGreaterThanOrEqualTo(40);
            assertThat(smcr.get()).isGreaterThanOrEqualTo(CONNECTIONS);
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(nodes.actors("connection-")).isEmpty();
                assertThat(nodes.actors("link-group-")).isEmpty();
                assertThat(nodes.files()).isEqualTo(files);
            });
        }
    }

    /** However many are full: a client must not have to find that out one by one. */
    @Test
    void shouldMakeAnotherGroupWhenManyAreFull() throws Exception {
        try (TestNodes nodes =
                TestNodes.start("smc4j.smc-r.buffer-size = 16 KiB", "smc4j.smc-r.max-connections = 16")) {
            for (int i = 0; i < 6 * 16 + 1; i++) {
                TestNodes.Ends ends = nodes.connect(TransportPreference.SMC_R);
                assertThat(ends.client().info().transport())
                        .as("connection %d: %s", i, ends.client().info().fallback())
                        .isEqualTo(Transport.SMC_R);
                groups.add(ends.client().info().linkGroup().orElseThrow().id());
            }
            assertThat(groups).hasSize(7);
        }
    }

    /** Until so many were opened over SMC-R; while ports are down some fall back, are refused, or break. */
    private void openAll(TestNodes nodes) throws Exception {
        Semaphore places = new Semaphore(AT_ONCE);
        while (smcr.get() < CONNECTIONS) {
            places.acquire();
            Traffic.run(() -> {
                try {
                    connect(nodes);
                } finally {
                    places.release();
                }
                return null;
            });
        }
        places.acquire(AT_ONCE);
    }

    private void connect(TestNodes nodes) throws Exception {
        SmcChannel channel;
        try {
            channel = nodes.client
                    .connect(nodes.listener.localAddress(), TestNodes.options(TransportPreference.SMC_R))
                    .toCompletableFuture()
                    .get(PATIENCE.multipliedBy(2).toSeconds(), TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(SmcException.class).hasMessageNotContaining("null");
            refused.incrementAndGet();
            return;
        }
        try {
            ByteBuffer eight = ByteBuffer.allocate(8);
            channel.write(ByteBuffer.allocate(8).putLong(0, channel.hashCode()));
            while (eight.hasRemaining()) {
                assertThat(channel.read(eight)).isPositive();
            }
            assertThat(eight.getLong(0)).isEqualTo(channel.hashCode());
        } catch (SmcException e) {
            assertThat(e.category()).isEqualTo(SmcException.Category.RECONNECT);
            aborted.incrementAndGet();
            channel.close();
            return;
        }
        if (channel.info().transport() == Transport.SMC_R) {
            open.add(channel);
            for (SmcChannel oldest = open.peek(); open.size() > MOST_OPEN && oldest != null; oldest = open.peek()) {
                if (open.remove(oldest)) {
                    oldest.close();
                }
            }
            smcr.incrementAndGet();
            synchronized (groups) {
                groups.add(channel.info().linkGroup().orElseThrow().id());
            }
        } else {
            fallbacks.merge(channel.info().fallback().orElseThrow().codes(), 1, Integer::sum);
            channel.close();
        }
    }

    /** Echoes on every connection until it ends. */
    private static Void serve(TestNodes nodes) throws InterruptedException {
        while (true) {
            SmcChannel channel;
            try {
                channel = nodes.listener.acceptBlocking();
            } catch (SmcException e) {
                return null;
            }
            Traffic.run(() -> {
                try (channel) {
                    ByteBuffer buffer = ByteBuffer.allocate(64);
                    while (channel.read(buffer.clear()) >= 0) {
                        channel.write(buffer.flip());
                    }
                }
                return null;
            });
        }
    }

    /** One port after the other, of both nodes, so that there is always a path. @return how often */
    private static CompletableFuture<Integer> flap(TestNodes nodes, CountDownLatch over) throws Exception {
        PortControl server = await(nodes.server.portControl()).orElseThrow();
        PortControl client = await(nodes.client.portControl()).orElseThrow();
        return Traffic.run(() -> {
            int flaps = 0;
            while (!over.await(UP_MILLIS, TimeUnit.MILLISECONDS)) {
                PortControl ports = flaps % 2 == 0 ? server : client;
                int port = 1 + flaps / 2 % 2;
                ports.setPortState(port, PortState.DOWN);
                boolean last = over.await(DOWN_MILLIS, TimeUnit.MILLISECONDS);
                ports.setPortState(port, PortState.ACTIVE);
                flaps++;
                if (last) {
                    break;
                }
            }
            return flaps;
        });
    }
}
