package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.smc4j.SmcException;
import io.smc4j.actors.datapath.Endpoint;
import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.actors.datapath.WaitSettings;
import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.protocol.cdc.CdcFlags;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints over running owners of two softrdma devices in this process. */
@Timeout(120)
class SoftRdmaEndToEndTest {
    private static final WaitSettings WAITING = new WaitSettings(50, 10);

    private final ActorTestKit kit = ActorTestKit.create(
            "queue", ConfigFactory.parseString(SoftSide.CONFIG).withFallback(ConfigFactory.load()));
    private Path directory = Path.of("/dev/shm");
    private SoftSide a = lazily();
    private SoftSide b = a;

    @SuppressWarnings("NullAway") // set before each test
    private static SoftSide lazily() {
        return null;
    }

    @BeforeEach
    void open() throws Exception {
        directory = Files.createTempDirectory(Path.of("/dev/shm"), "smc4j-queue-");
        a = new SoftSide(kit, directory, "a");
        b = new SoftSide(kit, directory, "b");
        SoftSide.link(a, b, 1, 1);
        SoftSide.link(a, b, 2, 2);
    }

    @AfterEach
    void close() throws Exception {
        try {
            a.close();
            b.close();
        } finally {
            kit.shutdownTestKit();
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            }
        }
    }

    static byte at(long position) {
        return (byte) (position * 2654435761L >>> 11);
    }

    static long write(Endpoint to, long total, long seed, int most) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = new byte[most];
        long done = 0;
        while (done < total) {
            int n = (int) Math.min(total - done, random.nextInt(1, most + 1));
            for (int i = 0; i < n; i++) {
                bytes[i] = at(done + i);
            }
            long off = 0;
            while (off < n) {
                long w = to.tryWrite(MemorySegment.ofArray(bytes), off, n - off);
                off += w;
                if (w == 0) {
                    to.awaitWritable(Long.MAX_VALUE);
                }
            }
            done += n;
        }
        return done;
    }

    static long read(Endpoint from, long total, long seed, int most) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = new byte[most];
        long done = 0;
        while (done < total) {
            long n = from.tryRead(MemorySegment.ofArray(bytes), 0, random.nextInt(1, most + 1));
            if (n == 0) {
                from.awaitReadable(Long.MAX_VALUE);
            }
            if (n < 0) {
                throw new AssertionError("end of stream at " + done);
            }
            for (int i = 0; i < n; i++) {
                if (bytes[i] != at(done + i)) {
                    throw new AssertionError("byte " + (done + i));
                }
            }
            done += n;
        }
        return done;
    }

    /**
     * Ends that answer each other, now at once, now after a pause longer than looking, than an owner's nap, than its way to sleep: every
     * hand-over between driving threads and owners happens many times, and none may lose a message.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAnswerThroughEveryChangeOfWhoDrives(boolean virtual) throws Exception {
        long seed = Long.getLong("smc4j.test.seed", new SplittableRandom().nextLong());
        int connections = 3;
        int messages = 4000;
        try (ExecutorService threads =
                virtual ? Executors.newVirtualThreadPerTaskExecutor() : Executors.newCachedThreadPool()) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                List<SoftSide.End> ends = SoftSide.connect(a, b, 5 + i, 16384, WaitSettings.defaults());
                SplittableRandom random = new SplittableRandom(seed + i);
                SplittableRandom others = random.split();
                all.add(threads.submit(() -> pingPong(ends.get(0).endpoint, true, messages, random)));
                all.add(threads.submit(() -> pingPong(ends.get(1).endpoint, false, messages, others)));
            }
            for (Future<Integer> each : all) {
                assertThat(each.get(60, TimeUnit.SECONDS)).as("seed %d", seed).isEqualTo(messages);
            }
        }
    }

    private static int pingPong(Endpoint endpoint, boolean first, int messages, SplittableRandom random)
            throws Exception {
        MemorySegment message = MemorySegment.ofArray(new byte[8]);
        for (int i = 0; i < messages; i++) {
            if (first) {
                assertThat(endpoint.tryWrite(message, 0, 8)).isEqualTo(8);
            }
            long done = 0;
            while (done < 8) {
                long n = endpoint.tryRead(message, 0, 8 - done);
                if (n == 0) {
                    endpoint.awaitReadable(Long.MAX_VALUE);
                }
                done += n;
            }
            if (random.nextInt(8) == 0) {
                LockSupport.parkNanos(random.nextLong(1_000, 600_000));
            }
            if (!first) {
                assertThat(endpoint.tryWrite(message, 0, 8)).isEqualTo(8);
            }
        }
        return messages;
    }

    @ParameterizedTest
    @CsvSource({
        "16384,true,300,50",
        "16384,false,20000,50",
        "65536,true,100000,50",
        "524288,false,5000,50",
        "16384,true,300,20000",
        "16384,false,20000,20000",
        "65536,true,100000,20000",
        "524288,false,5000,20000"
    })
    void shouldDeliverEveryByteBothWays(int size, boolean virtual, int chunk, long spinNanos) throws Exception {
        long seed = Long.getLong("smc4j.test.seed", new SplittableRandom().nextLong());
        long total = chunk < 1000 ? 3_000_000 : 30_000_000;
        List<SoftSide.End> ends = SoftSide.connect(a, b, 5, size, new WaitSettings(spinNanos, 10));
        SmcrEndpoint one = ends.get(0).endpoint;
        SmcrEndpoint other = ends.get(1).endpoint;
        try (ExecutorService threads =
                virtual ? Executors.newVirtualThreadPerTaskExecutor() : Executors.newCachedThreadPool()) {
            List<Future<Long>> all = List.of(
                    threads.submit(() -> write(one, total, seed, chunk)),
                    threads.submit(() -> read(other, total, seed + 1, chunk)),
                    threads.submit(() -> write(other, total / 3, seed + 2, chunk)),
                    threads.submit(() -> read(one, total / 3, seed + 3, chunk)));
            for (Future<Long> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new AssertionError("seed " + seed, e);
        }
        assertThat(a.detach(ends.get(0))).isTrue();
        assertThat(b.detach(ends.get(1))).isTrue();
    }

    @Test
    void shouldMoveTenThousandMessagesWithoutAMailboxMessageForData() throws Exception {
        List<SoftSide.End> ends = SoftSide.connect(a, b, 5, 65536, WAITING);
        Awaitility.await().until(() -> ends.get(0).endpoint.link() != null);
        long before = a.owner.handle().counters().get(Counter.COMMANDS)
                + b.owner.handle().counters().get(Counter.COMMANDS);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<?> echo = threads.submit(() -> {
                pingPong(ends.get(1).endpoint, 10_000, false);
                return null;
            });
            pingPong(ends.get(0).endpoint, 10_000, true);
            echo.get(30, TimeUnit.SECONDS);
        }
        long after = a.owner.handle().counters().get(Counter.COMMANDS)
                + b.owner.handle().counters().get(Counter.COMMANDS);
        assertThat(after - before).isLessThanOrEqualTo(2); // the two OpenEndpoints may still have been on their way
        assertThat(a.owner.handle().counters().get(Counter.CDC_SENT)).isGreaterThanOrEqualTo(10_000);
    }

    static long[] pingPong(Endpoint endpoint, int rounds, boolean first) throws Exception {
        MemorySegment buffer = MemorySegment.ofArray(new byte[64]);
        long[] nanos = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            if (first) {
                send(endpoint, buffer);
            }
            long got = 0;
            while (got < 64) {
                long n = endpoint.tryRead(buffer, 0, 64 - got);
                got += n;
                if (n == 0) {
                    endpoint.awaitReadable(Long.MAX_VALUE);
                }
            }
            if (!first) {
                send(endpoint, buffer);
            }
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }

    private static void send(Endpoint endpoint, MemorySegment message) throws Exception {
        long done = 0;
        while ((done += endpoint.tryWrite(message, done, 64 - done)) < 64) {
            endpoint.awaitWritable(Long.MAX_VALUE);
        }
    }

    @Test
    void shouldDeliverEveryByteOnceWhenALinkIsKilledUnderLoad() throws Exception {
        long seed = Long.getLong("smc4j.test.seed", new SplittableRandom().nextLong());
        List<List<SoftSide.End>> connections = new ArrayList<>();
        for (int token = 10; token < 14; token++) {
            connections.add(SoftSide.connect(a, b, token, 16384 << (token & 1), WAITING));
        }
        long total = 8_000_000;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> all = new ArrayList<>();
            for (List<SoftSide.End> ends : connections) {
                all.add(threads.submit(() -> write(ends.get(0).endpoint, total, seed, 9000)));
                all.add(threads.submit(() -> read(ends.get(1).endpoint, total, seed, 9000)));
                all.add(threads.submit(() -> write(ends.get(1).endpoint, total, seed, 900)));
                all.add(threads.submit(() -> read(ends.get(0).endpoint, total, seed, 9000)));
            }
            SmcrEndpoint watched = connections.getFirst().get(1).endpoint;
            long killAt = 1 + new SplittableRandom(seed).nextLong(total / 2);
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> watched.bytesRead() >= killAt);
            a.links.getFirst().link.queuePair().toError();
            a.move(a.links.getFirst(), a.links.get(1));
            Awaitility.await().until(() -> !b.links.getFirst().failures.isEmpty());
            b.move(b.links.getFirst(), b.links.get(1));
            for (Future<Long> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new AssertionError("seed " + seed, e);
        }
        for (List<SoftSide.End> ends : connections) {
            assertThat(ends.get(0).violations).isEmpty();
            assertThat(ends.get(1).violations).isEmpty();
            ends.get(0).endpoint.sendStateFlags(CdcFlags.CLOSED);
            assertThat(a.detach(ends.get(0))).isTrue();
            Awaitility.await().until(() -> ends.get(1).flags.contains(CdcFlags.CLOSED));
            assertThat(b.detach(ends.get(1))).isTrue();
        }
    }

    @Test
    void shouldCarryLlcMessagesInOrderWhileDataFlows() throws Exception {
        List<SoftSide.End> ends = SoftSide.connect(a, b, 5, 65536, WAITING);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<Long> writer = threads.submit(() -> write(ends.get(0).endpoint, 20_000_000, 1, 5000));
            Future<Long> reader = threads.submit(() -> read(ends.get(1).endpoint, 20_000_000, 1, 50_000));
            TestProbe<Reply.LlcSent> probe = kit.createTestProbe();
            for (int i = 0; i < 100; i++) {
                byte[] message = new byte[i % 3 == 0 ? OwnedLink.LLC_BYTES : 44];
                message[1] = (byte) i;
                a.tell(new Command.SendLlc(a.links.getFirst().link, message, probe.getRef()));
                assertThat(probe.receiveMessage().sent()).isTrue();
            }
            writer.get(60, TimeUnit.SECONDS);
            reader.get(60, TimeUnit.SECONDS);
        }
        List<byte[]> received = b.links.getFirst().llc;
        assertThat(received).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(received.get(i)[1]).isEqualTo((byte) i);
            assertThat(received.get(i)).hasSize(i % 3 == 0 ? OwnedLink.LLC_BYTES : 44);
        }
    }

    @Test
    void shouldNotTouchMemoryOnceDetachedWhileApplicationThreadsGoOn() throws Exception {
        for (int round = 0; round < 20; round++) {
            List<SoftSide.End> ends = SoftSide.connect(a, b, 100 + round, 65536, WAITING);
            SoftSide.End one = ends.get(0);
            SoftSide.End other = ends.get(1);
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                List<Future<Long>> all = List.of(
                        threads.submit(() -> write(one.endpoint, Long.MAX_VALUE, 1, 30_000)),
                        threads.submit(() -> read(other.endpoint, Long.MAX_VALUE, 2, 30_000)),
                        threads.submit(() -> write(other.endpoint, Long.MAX_VALUE, 3, 30_000)),
                        threads.submit(() -> read(one.endpoint, Long.MAX_VALUE, 4, 30_000)));
                Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> one.endpoint.bytesRead() > 100_000);
                one.endpoint.fail(new SmcException(SmcException.Category.RECONNECT, "test"));
                one.endpoint.sendStateFlags(CdcFlags.ABORT);
                assertThat(a.detach(one)).isTrue();
                // as if another connection had it now
                one.sendBuffer.memory().fill((byte) 0x5A);
                Awaitility.await().until(() -> other.flags.contains(CdcFlags.ABORT));
                other.endpoint.fail(new SmcException(SmcException.Category.RECONNECT, "test"));
                assertThat(b.detach(other)).isTrue();
                other.sendBuffer.memory().fill((byte) 0x5A);
                for (Future<Long> each : all) {
                    assertThatThrownBy(() -> each.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(SmcException.class);
                }
            }
            for (SoftSide.End end : ends) {
                byte[] marked = new byte[end.sendBuffer.size()];
                Arrays.fill(marked, (byte) 0x5A);
                assertThat(end.sendBuffer.memory().toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(marked);
            }
        }
    }
}
