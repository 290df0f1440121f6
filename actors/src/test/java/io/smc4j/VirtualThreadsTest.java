package io.smc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many virtual threads blocked in {@code read}, and large buffers.
 *
 * <p>By default 60 connections; {@code -Dsmc4j.test.connections=1000} is the long run, which also reports what they cost while
 * idle. A connection takes two file descriptors here, one for each end's TCP socket, and two buffers of 16 KiB.
 */
@Timeout(300)
class VirtualThreadsTest {
    private static final int CONNECTIONS = Integer.getInteger("smc4j.test.connections", 60);
    private static final int LONG_RUN = 500;

    private Path shm;

    @BeforeEach
    void makeDirectory() throws IOException {
        shm = Files.createTempDirectory(Path.of("/dev/shm"), "smc4j-test-");
    }

    @AfterEach
    void removeDirectory() throws IOException {
        try (Stream<Path> left = Files.walk(shm)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SMC_D", "SMC_R", "TCP"})
    void shouldNotPinCarriersWhileManyVirtualThreadsAreBlockedInRead(
            TransportPreference transport, @TempDir Path directory) throws Exception {
        try (NodePair nodes =
                        NodePair.start(shm, "smc4j.smc-d.buffer-size = 16 KiB", "smc4j.smc-r.buffer-size = 16 KiB");
                Recording recording = new Recording()) {
            var _ = recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO);
            List<NodePair.Ends> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(nodes.connect(transport));
            }
            readOnce(all.getFirst()); // the JVM loads classes, and may pin a carrier for that
            recording.start();
            List<Thread> readers = new ArrayList<>();
            AtomicInteger got = new AtomicInteger();
            for (NodePair.Ends ends : all) {
                readers.add(Thread.ofVirtual().start(() -> readOne(ends.client(), got)));
                readers.add(Thread.ofVirtual().start(() -> readOne(ends.server(), got)));
            }
            await().atMost(60, TimeUnit.SECONDS).until(() -> readers.stream().allMatch(VirtualThreadsTest::sleeps));

            CountDownLatch others = new CountDownLatch(1000);
            for (int i = 0; i < 1000; i++) {
                var _ = Thread.ofVirtual().start(others::countDown);
            }
            assertThat(others.await(30, TimeUnit.SECONDS))
                    .as("virtual threads that have nothing to do with it get on")
                    .isTrue();
            reportIdleCost(transport);

            for (NodePair.Ends ends : all) {
                assertThat(ends.client().tryWrite(ByteBuffer.allocate(1))).isEqualTo(1);
                assertThat(ends.server().tryWrite(ByteBuffer.allocate(1))).isEqualTo(1);
            }
            for (Thread reader : readers) {
                assertThat(reader.join(Duration.ofSeconds(60))).isTrue();
            }
            assertThat(got).hasValue(2 * CONNECTIONS);
            recording.stop();
            assertThat(pinnedByUs(recording, directory)).isEmpty();
        }
    }

    private static void readOnce(NodePair.Ends ends) throws Exception {
        for (SmcChannel channel : List.of(ends.client(), ends.server())) {
            Thread reader = Thread.ofVirtual().start(() -> readOne(channel, new AtomicInteger()));
            await().atMost(60, TimeUnit.SECONDS).until(() -> sleeps(reader));
            SmcChannel other = ends.client().equals(channel) ? ends.server() : ends.client();
            assertThat(other.tryWrite(ByteBuffer.allocate(1))).isEqualTo(1);
            assertThat(reader.join(Duration.ofSeconds(60))).isTrue();
        }
    }

    private static void readOne(SmcChannel channel, AtomicInteger got) {
        try {
            got.addAndGet(channel.read(ByteBuffer.allocate(1)));
        } catch (SmcException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean sleeps(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING;
    }

    private static List<RecordedEvent> pinnedByUs(Recording recording, Path directory) throws IOException {
        Path file = directory.resolve("pinned.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> String.valueOf(event.getStackTrace()).contains("io.smc4j"))
                .toList();
    }

    /** Only said, and only in the long run: what else runs on the machine is not known. */
    private static void reportIdleCost(TransportPreference transport) throws InterruptedException {
        if (CONNECTIONS < LONG_RUN) {
            return;
        }
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        CountDownLatch never = new CountDownLatch(1);
        boolean _ = never.await(5, TimeUnit.SECONDS); // what the set-up left to do
        long before = process.getProcessCpuTime();
        boolean _ = never.await(10, TimeUnit.SECONDS);
        long nanos = process.getProcessCpuTime() - before;
        System.out.printf(
                "%d idle connections over %s, both ends here, two blocked readers each: %.2f %% of a core%n",
                CONNECTIONS, transport.label(), nanos / 1e8);
    }

    @Test
    void shouldHoldEightMebibytesInOneBufferIfSoConfigured() throws Exception {
        int size = 8 * 1024 * 1024;
        try (NodePair nodes = NodePair.start(shm, "smc4j.smc-d.buffer-size = 8 MiB")) {
            NodePair.Ends ends = nodes.connect(TransportPreference.SMC_D);
            assertThat(ends.client().info().transport()).isEqualTo(Transport.SMC_D);
            ByteBuffer much = ByteBuffer.allocateDirect(size);
            much.putLong(size - 48, 4711);
            assertThat(ends.client().tryWrite(much)).isEqualTo(size - 32); // less the control area
            ByteBuffer target = ByteBuffer.allocateDirect(size);
            assertThat(ends.server().read(target)).isEqualTo(size - 32);
            assertThat(target.getLong(size - 48)).isEqualTo(4711);
        }
    }
}
