package io.smc4j.system;

import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.ConnectionInfo;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a connection behaves, whatever carries its bytes. Closing the nodes after the last test fails if anything leaked. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConductTest {
    private static final int MEBIBYTE = 1 << 20;

    private TestNodes nodes;

    @BeforeAll
    void start() throws Exception {
        nodes = TestNodes.start("smc4j.negotiation.recognition-timeout = 20 ms", settings());
    }

    String settings() {
        return "";
    }

    Stream<TransportPreference> transports() {
        return Stream.of(TransportPreference.values());
    }

    @AfterAll
    void stop() throws Exception {
        nodes.close();
    }

    private static void over(TestNodes.Ends ends) throws Exception {
        ends.client().close();
        ends.server().close();
        await(ends.client().terminated());
        await(ends.server().terminated());
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldCarryRandomSizesBothWaysAtOnce(TransportPreference transport) throws Exception {
        TestNodes.Ends ends = nodes.connect(transport);
        Traffic there = Traffic.random("both ways over " + transport);
        Traffic back = there.reverse();
        long total = 4 * MEBIBYTE + 12_345;

        CompletableFuture<Long> received = there.read(ends.server(), 50_000);
        CompletableFuture<Long> returned = back.read(ends.client(), 3_000);
        there.write(ends.client(), total, 100_000);
        back.write(ends.server(), total / 2, 9_000);

        assertThat(await(received)).isEqualTo(total);
        assertThat(await(returned)).isEqualTo(total / 2);
        assertThat(ends.client().info().bytesWritten()).isEqualTo(total);
        assertThat(ends.server().info().bytesRead()).isEqualTo(total);
        over(ends);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldHoldAWriterBackUntilTheReaderReads(TransportPreference transport) throws Exception {
        TestNodes.Ends ends = nodes.connect(transport);
        Traffic traffic = Traffic.random("slow reader over " + transport);
        ByteBuffer chunk = ByteBuffer.allocateDirect(64 * 1024);
        long written = 0;
        int refused = 0;
        while (refused < 100) {
            chunk.clear();
            traffic.fill(chunk, written);
            int count = ends.client().tryWrite(chunk.flip());
            written += count;
            refused = count == 0 ? refused + 1 : 0;
            if (count == 0) {
                Thread.onSpinWait();
            }
            assertThat(written).as("bytes in flight").isLessThan(64L * MEBIBYTE);
        }
        assertThat(written).isPositive();
        CountDownLatch writable = new CountDownLatch(1);
        ends.client().onWritable(writable::countDown);

        CompletableFuture<Long> read = traffic.read(ends.server(), 10_000);
        assertThat(writable.await(20, TimeUnit.SECONDS))
                .as("told that there is space")
                .isTrue();
        ends.client().shutdownOutput();
        assertThat(await(read)).isEqualTo(written);
        over(ends);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldReadUrgentBytesInTheirPlace(TransportPreference transport) throws Exception {
        TestNodes.Ends ends = nodes.connect(transport);
        ByteBuffer expected = ByteBuffer.allocate(300);
        for (int i = 0; i < 100; i++) {
            byte[] ordinary = {(byte) i, (byte) (i + 1)};
            ends.client().write(ByteBuffer.wrap(ordinary));
            ends.client().writeUrgent(200 + i);
            expected.put(ordinary).put((byte) (200 + i));
        }
        ends.client().shutdownOutput();
        ByteBuffer got = ByteBuffer.allocate(301);
        while (ends.server().read(got) >= 0) {
            // to the end
        }
        assertThat(got.flip()).isEqualTo(expected.flip());
        assertThat(ends.client().info().bytesWritten()).isEqualTo(300);
        assertThatThrownBy(() -> ends.client().writeUrgent(1)).isInstanceOf(SmcException.class);
        over(ends);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldGoOnInOneDirectionAfterHalfClose(TransportPreference transport) throws Exception {
        for (boolean clientFirst : new boolean[] {true, false}) {
            TestNodes.Ends ends = nodes.connect(transport);
            SmcChannel first = clientFirst ? ends.client() : ends.server();
            SmcChannel second = clientFirst ? ends.server() : ends.client();
            Traffic traffic = Traffic.random("half-close over " + transport);
            traffic.write(first, 1000, 100).get();

            assertThat(await(traffic.read(second, 300))).isEqualTo(1000);
            assertThat(second.read(ByteBuffer.allocate(1)))
                    .as("end of stream stays")
                    .isEqualTo(-1);
            CompletableFuture<Long> answer = traffic.read(first, 5000);
            traffic.write(second, 2 * MEBIBYTE, 70_000);
            assertThat(await(answer)).isEqualTo(2 * MEBIBYTE);
            over(ends);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldRefuseToWriteAfterShutdownOfTheOutput(TransportPreference transport) throws Exception {
        TestNodes.Ends ends = nodes.connect(transport);
        ends.client().shutdownOutput();
        ends.client().shutdownOutput();

        assertThatThrownBy(() -> ends.client().write(ByteBuffer.allocate(1))).isInstanceOf(SmcException.class);
        assertThatThrownBy(() -> ends.client().tryWrite(ByteBuffer.allocate(1))).isInstanceOf(SmcException.class);
        assertThat(ends.client().isOpen()).isTrue();
        ends.server().write(ByteBuffer.wrap(new byte[] {7}));
        ByteBuffer one = ByteBuffer.allocate(1);
        assertThat(ends.client().read(one)).isEqualTo(1);
        assertThat(one.get(0)).isEqualTo((byte) 7);
        over(ends);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldDeliverWhatWasWrittenBeforeClose(TransportPreference transport) throws Exception {
        TestNodes.Ends ends = nodes.connect(transport);
        Traffic traffic = Traffic.random("close over " + transport);
        traffic.write(ends.client(), 100_000, 5000, false, new AtomicLong()).get();
        ends.client().close();
        ends.client().close();

        assertThat(ends.client().isOpen()).isFalse();
        assertThat(await(traffic.read(ends.server(), 4000))).isEqualTo(100_000);
        assertThatThrownBy(() -> ends.client().read(ByteBuffer.allocate(1))).isInstanceOf(SmcException.class);
        over(ends);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldAbortThePeerWhenClosedWithUnreadData(TransportPreference transport) throws Exception {
        TestNodes.Ends ends = nodes.connect(transport);
        ends.client().write(ByteBuffer.allocate(100));
        assertThat(ends.server().read(ByteBuffer.allocate(1))).isEqualTo(1);
        ends.server().close();

        assertThat(Traffic.failureOfReading(ends.client())).hasMessageMatching("(?s).*(abort|reset).*");
        ends.client().close();
        assertThatThrownBy(() -> await(ends.client().terminated())).hasRootCauseInstanceOf(Exception.class);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldTellThePeerOfAnAbort(TransportPreference transport) throws Exception {
        TestNodes.Ends ends = nodes.connect(transport);
        CompletableFuture<SmcException> blockedReader = Traffic.run(() -> Traffic.failureOfReading(ends.server()));
        ends.client().abort();
        ends.client().abort();

        assertThat(await(blockedReader).category()).isEqualTo(SmcException.Category.RECONNECT);
        assertThatThrownBy(() -> ends.server().write(ByteBuffer.allocate(1))).isInstanceOf(SmcException.class);
        assertThatThrownBy(() -> ends.client().write(ByteBuffer.allocate(1))).isInstanceOf(SmcException.class);
        assertThat(ends.server().isOpen()).isFalse();
        ends.server().close();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldWakeABlockedReaderAndWriterWhenTheChannelIsClosed(TransportPreference transport) throws Exception {
        for (boolean virtual : new boolean[] {true, false}) {
            TestNodes.Ends ends = nodes.connect(transport);
            CountDownLatch reading = new CountDownLatch(1);
            CompletableFuture<Throwable> reader = new CompletableFuture<>();
            CompletableFuture<Throwable> writer = new CompletableFuture<>();
            var threads = virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
            threads.start(() -> {
                reading.countDown();
                try {
                    reader.complete(new AssertionError("read " + ends.client().read(ByteBuffer.allocate(1))));
                } catch (SmcException e) {
                    reader.complete(e);
                }
            });
            threads.start(() -> {
                try {
                    while (true) {
                        ends.client().write(ByteBuffer.allocate(100_000));
                    }
                } catch (SmcException e) {
                    writer.complete(e);
                }
            });
            assertThat(reading.await(5, TimeUnit.SECONDS)).isTrue();
            AtomicLong seen = new AtomicLong(-1);
            org.awaitility.Awaitility.await()
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        long now = ends.client().info().bytesWritten();
                        return now > 0 && seen.getAndSet(now) == now; // no progress: it waits for space
                    });
            ends.client().close();

            assertThat(await(reader)).isInstanceOf(SmcException.class);
            assertThat(await(writer)).isInstanceOf(SmcException.class);
            ends.server().abort();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldCallBackOnceWhenReadable(TransportPreference transport) throws Exception {
        TestNodes.Ends ends = nodes.connect(transport);
        AtomicInteger calls = new AtomicInteger();
        assertThat(ends.server().tryRead(ByteBuffer.allocate(1))).isZero();
        for (int round = 1; round <= 50; round++) {
            CountDownLatch readable = new CountDownLatch(1);
            ends.server().onReadable(() -> {
                calls.incrementAndGet();
                readable.countDown();
            });
            ends.client().write(ByteBuffer.wrap(new byte[] {(byte) round}));
            assertThat(readable.await(10, TimeUnit.SECONDS))
                    .as("round " + round)
                    .isTrue();
            ByteBuffer one = ByteBuffer.allocate(2);
            assertThat(ends.server().tryRead(one)).isEqualTo(1);
            assertThat(one.get(0)).isEqualTo((byte) round);
            assertThat(calls).hasValue(round);
        }
        CountDownLatch ended = new CountDownLatch(1);
        ends.server().onReadable(ended::countDown);
        ends.client().close();
        assertThat(ended.await(10, TimeUnit.SECONDS))
                .as("the end of the stream is readable")
                .isTrue();
        assertThat(ends.server().tryRead(ByteBuffer.allocate(1))).isEqualTo(-1);
        over(ends);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldSayWhatItIs(TransportPreference transport) throws Exception {
        TestNodes.Ends ends = nodes.connect(transport);
        ConnectionInfo near = ends.client().info();
        ConnectionInfo far = ends.server().info();
        Transport expected = switch (transport) {
            case AUTO, SMC_D -> Transport.SMC_D;
            case SMC_R -> Transport.SMC_R;
            case TCP -> Transport.TCP;
        };

        assertThat(near.transport()).isEqualTo(expected);
        assertThat(far.transport()).isEqualTo(expected);
        assertThat(near.remote()).isEqualTo(nodes.listener.localAddress()).isEqualTo(far.local());
        assertThat(near.local()).isEqualTo(far.remote());
        assertThat(near.fallback().isPresent()).isEqualTo(expected == Transport.TCP);
        assertThat(far.fallback().isPresent()).isEqualTo(expected == Transport.TCP);
        assertThat(near.linkGroup().isPresent()).isEqualTo(expected != Transport.TCP);
        near.linkGroup().ifPresent(group -> assertThat(group.role()).isEqualTo("client"));
        far.linkGroup().ifPresent(group -> assertThat(group.role()).isEqualTo("server"));
        if (expected == Transport.SMC_R) {
            org.awaitility.Awaitility.await().untilAsserted(() -> {
                var group = ends.client().info().linkGroup().orElseThrow();
                assertThat(group.links())
                        .hasSize(2)
                        .allSatisfy(link -> assertThat(link.state()).isEqualTo("ACTIVE"));
                assertThat(group.type()).isEqualTo("SYMMETRIC");
            });
        }
        over(ends);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldServeManyVirtualThreads(TransportPreference transport) throws Exception {
        List<CompletableFuture<Long>> readers = new ArrayList<>();
        List<TestNodes.Ends> all = new ArrayList<>();
        Traffic traffic = Traffic.random("many threads over " + transport);
        for (int i = 0; i < 40; i++) {
            TestNodes.Ends ends = nodes.connect(transport);
            all.add(ends);
            readers.add(traffic.read(ends.server(), 8000));
            readers.add(traffic.reverse().read(ends.client(), 8000));
            traffic.write(ends.client(), 300_000, 20_000);
            traffic.reverse().write(ends.server(), 300_000, 20_000);
        }
        for (CompletableFuture<Long> reader : readers) {
            assertThat(await(reader)).isEqualTo(300_000);
        }
        for (TestNodes.Ends ends : all) {
            over(ends);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldEndWhenBothEndsCloseAtOnce(TransportPreference transport) throws Exception {
        for (int round = 0; round < 30; round++) {
            TestNodes.Ends ends = nodes.connect(transport);
            CountDownLatch go = new CountDownLatch(1);
            List<CompletableFuture<Void>> closers = new ArrayList<>();
            for (SmcChannel end : List.of(ends.client(), ends.server(), ends.client(), ends.server())) {
                closers.add(Traffic.run(() -> {
                    go.await();
                    end.close();
                    return null;
                }));
            }
            go.countDown();
            for (CompletableFuture<Void> closer : closers) {
                await(closer);
            }
            await(ends.client().terminated());
            await(ends.server().terminated());
        }
    }
}
