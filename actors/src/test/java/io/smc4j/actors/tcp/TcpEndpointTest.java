package io.smc4j.actors.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smc4j.SmcException;
import io.smc4j.actors.datapath.EndpointListener;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TcpEndpointTest {
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final TcpReadiness readiness = new TcpReadiness();
    private final RecordingListener listener = new RecordingListener();
    private Loopback loopback;
    private TcpEndpoint endpoint;

    @BeforeEach
    void open() throws Exception {
        loopback = Loopback.open();
        endpoint = endpoint(ByteString.emptyByteString());
    }

    @AfterEach
    void close() throws IOException {
        endpoint.close();
        readiness.close();
        loopback.close();
    }

    private TcpEndpoint endpoint(ByteString prefix) throws SmcException {
        return new TcpEndpoint(loopback.ours(), prefix, readiness, 0, listener);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 100, 20_000})
    void shouldGiveThePrefixFirstByteExactly(int chunk) throws Exception {
        endpoint = endpoint(ByteString.fromString("GET "));
        loopback.peerSends("/ HTTP/1.0".getBytes(US_ASCII));
        loopback.peer().shutdownOutput();
        assertThat(new String(readAll(endpoint, chunk), US_ASCII)).isEqualTo("GET / HTTP/1.0");
        assertThat(endpoint.bytesRead()).isEqualTo(14);
    }

    @Test
    void shouldBeReadableWithAPrefixAlone() throws Exception {
        endpoint = endpoint(ByteString.fromString("x"));
        assertThat(endpoint.readable()).isTrue();
        assertThat(endpoint.hasUnread()).isTrue();
    }

    @Test
    void shouldCarryRandomTrafficUnchanged() throws Exception {
        long seed = Long.getLong("smc4j.test.seed", System.nanoTime());
        System.out.println("TcpEndpointTest smc4j.test.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        byte[] sent = new byte[3_000_000];
        random.nextBytes(sent);
        TcpEndpoint other =
                new TcpEndpoint(loopback.peer(), ByteString.emptyByteString(), readiness, 0, new RecordingListener());
        SplittableRandom sizes = random.split();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writeAll(other, sent, sizes));
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (Arena arena = Arena.ofShared()) {
            MemorySegment target = arena.allocate(200_000);
            long count = 0;
            while (count >= 0) {
                endpoint.awaitReadable(LONG_NANOS);
                count = endpoint.tryRead(target, 5, 1 + random.nextInt(199_000));
                digest.update(target.asSlice(5, Math.max(0, count)).asByteBuffer());
            }
        }
        writer.get(20, TimeUnit.SECONDS);
        assertThat(digest.digest())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(sent));
        assertThat(endpoint.bytesRead()).isEqualTo(sent.length);
        assertThat(other.bytesWritten()).isEqualTo(sent.length);
        other.close();
    }

    /** The kernel tells of a reset once, and then shows the end of the stream: who is told second must not believe that. */
    @Test
    void shouldNotTakeAResetThatAWriterSawForTheEndOfTheStream() throws Exception {
        for (int round = 0; round < 2000; round++) {
            try (Loopback pair = Loopback.open();
                    TcpEndpoint end = new TcpEndpoint(
                            pair.ours(), ByteString.emptyByteString(), readiness, 0, new RecordingListener())) {
                CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                    MemorySegment byteToWrite = MemorySegment.ofArray(new byte[1]);
                    try {
                        while (end.tryWrite(byteToWrite, 0, 1) >= 0) {
                            Thread.onSpinWait();
                        }
                    } catch (SmcException e) {
                        // told
                    }
                });
                pair.peerResets();
                MemorySegment target = MemorySegment.ofArray(new byte[10]);
                assertThatThrownBy(() -> {
                            while (end.tryRead(target, 0, 10) >= 0) {
                                Thread.onSpinWait();
                            }
                        })
                        .as("round %d", round)
                        .isInstanceOf(SmcException.class);
                writer.get(20, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void shouldReportNoDataAndFullBuffersAsZero() throws Exception {
        assertThat(endpoint.tryRead(MemorySegment.ofArray(new byte[10]), 0, 10)).isZero();
        assertThat(endpoint.tryRead(MemorySegment.ofArray(new byte[50_000]), 0, 50_000))
                .isZero();
        fillUp();
        assertThat(endpoint.tryWrite(MemorySegment.ofArray(new byte[10]), 0, 10))
                .isZero();
        assertThat(endpoint.writable()).isFalse();
    }

    @Test
    void shouldCallBackOnceWhenReadable() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        endpoint.onReadable(calls::incrementAndGet);
        assertThat(calls).hasValue(0);
        loopback.peerSends(new byte[] {1});
        await().untilAtomic(calls, org.hamcrest.Matchers.is(1));
        loopback.peerSends(new byte[] {2});
        endpoint.onReadable(calls::incrementAndGet); // at once, on this thread
        assertThat(calls).hasValue(2);
    }

    @Test
    void shouldCallBackOnceWhenWritableAgain() throws Exception {
        fillUp();
        CountDownLatch writable = new CountDownLatch(1);
        endpoint.onWritable(writable::countDown);
        long written = endpoint.bytesWritten();
        assertThat(writable.getCount()).isEqualTo(1);
        loopback.peerReceives((int) written);
        assertThat(writable.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(endpoint.tryWrite(MemorySegment.ofArray(new byte[10]), 0, 10))
                .isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLoseNoWakeUpInManyRoundTrips(boolean virtual) throws Exception {
        TcpEndpoint other =
                new TcpEndpoint(loopback.peer(), ByteString.emptyByteString(), readiness, 0, new RecordingListener());
        int rounds = 5_000;
        Thread.Builder threads = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        Thread echo = threads.start(() -> pingPong(other, rounds, false));
        Thread first = threads.start(() -> pingPong(endpoint, rounds, true));
        echo.join();
        first.join();
        assertThat(endpoint.bytesRead()).isEqualTo(rounds);
        assertThat(other.bytesRead()).isEqualTo(rounds);
        other.close();
    }

    @Test
    void shouldStopWaitingWhenTheTimeIsOverOrTheThreadIsInterrupted() throws Exception {
        endpoint.awaitReadable(1_000_000);
        assertThat(endpoint.readable()).isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> endpoint.awaitReadable(LONG_NANOS)).isInstanceOf(InterruptedException.class);
        boolean _ =
                Thread.interrupted(); // whoever asserts on an InterruptedException gets the status back from AssertJ
        loopback.peerSends(new byte[] {1});
        endpoint.awaitReadable(LONG_NANOS);
        assertThat(endpoint.readable()).isTrue();
    }

    @Test
    void shouldSendAnUrgentByteInItsPlaceAndReadOneInLine() throws Exception {
        loopback.peer().socket().setOOBInline(true);
        endpoint.tryWrite(MemorySegment.ofArray(new byte[] {1, 2}), 0, 2);
        assertThat(endpoint.tryWriteUrgent((byte) -3)).isTrue();
        endpoint.tryWrite(MemorySegment.ofArray(new byte[] {4}), 0, 1);
        assertThat(loopback.peerReceives(4)).containsExactly(1, 2, -3, 4);
        assertThat(endpoint.bytesWritten()).isEqualTo(4);

        loopback.peerSends(new byte[] {5});
        loopback.peer().socket().sendUrgentData(6);
        loopback.peerSends(new byte[] {7});
        loopback.peer().shutdownOutput();
        assertThat(readAll(endpoint, 10)).containsExactly(5, 6, 7);
    }

    @Test
    void shouldTakeNoUrgentByteWhileTheKernelHasNoRoom() throws Exception {
        MemorySegment much = MemorySegment.ofArray(new byte[100_000]);
        long written = 0;
        for (long n = 1; n > 0; written += n) {
            n = endpoint.tryWrite(much, 0, much.byteSize());
        }
        boolean taken = true;
        for (int i = 0; taken; i++) { // the kernel may have a little room again
            assertThat(i).isLessThan(10_000_000);
            taken = endpoint.tryWriteUrgent((byte) 1);
            written += taken ? 1 : 0;
        }
        assertThat(endpoint.bytesWritten()).isEqualTo(written);
        assertThat(listener.events).isEmpty();
    }

    @Test
    void shouldHalfCloseTowardsThePeerAndGoOnReading() throws Exception {
        endpoint.tryWrite(MemorySegment.ofArray(new byte[] {1, 2, 3}), 0, 3);
        endpoint.stopWriting();
        endpoint.sendStateFlags(0x80);
        assertThat(loopback.peerReceives(10)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> endpoint.tryWrite(MemorySegment.ofArray(new byte[1]), 0, 1))
                .isInstanceOf(SmcException.class)
                .hasMessageContaining("shut down");
        loopback.peerSends(new byte[] {4});
        endpoint.awaitReadable(LONG_NANOS);
        assertThat(endpoint.tryRead(MemorySegment.ofArray(new byte[10]), 0, 10)).isEqualTo(1);
    }

    @Test
    void shouldEndWithMinusOneAndTellTheListenerOnceWhenThePeerHalfCloses() throws Exception {
        loopback.peerSends(new byte[] {1, 2});
        loopback.peer().shutdownOutput();
        assertThat(readAll(endpoint, 10)).containsExactly(1, 2);
        assertThat(endpoint.tryRead(MemorySegment.ofArray(new byte[10]), 0, 10)).isEqualTo(-1);
        assertThat(endpoint.tryRead(MemorySegment.ofArray(new byte[50_000]), 0, 50_000))
                .isEqualTo(-1);
        assertThat(listener.events).containsExactly("flags 80");
        assertThat(endpoint.tryWrite(MemorySegment.ofArray(new byte[] {3}), 0, 1))
                .isEqualTo(1);
        assertThat(loopback.peerReceives(1)).containsExactly(3);
    }

    @Test
    void shouldSayThatThePeerResetTheConnection() throws Exception {
        loopback.peerResets();
        endpoint.awaitReadable(LONG_NANOS);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> endpoint.tryRead(MemorySegment.ofArray(new byte[10]), 0, 10))
                    .isInstanceOfSatisfying(
                            SmcException.class,
                            e -> assertThat(e.category()).isEqualTo(SmcException.Category.RECONNECT))
                    .hasMessageContaining("the peer reset the TCP connection");
            assertThatThrownBy(() -> endpoint.tryWrite(MemorySegment.ofArray(new byte[10]), 0, 10))
                    .hasMessageContaining("the peer reset the TCP connection");
        }
        assertThat(listener.events).containsExactly("flags 20");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldWakeAWaitingReaderWhenThePeerResets(boolean virtual) throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Thread.Builder threads = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        Thread reader = threads.start(() -> {
            try {
                endpoint.awaitReadable(LONG_NANOS);
                endpoint.tryRead(MemorySegment.ofArray(new byte[10]), 0, 10);
            } catch (SmcException | InterruptedException e) {
                seen.complete(e);
            }
        });
        loopback.peerResets();
        assertThat(seen.get(20, TimeUnit.SECONDS)).hasMessageContaining("reset");
        reader.join();
    }

    private interface Ending {
        void end(TcpEndpoint endpoint);
    }

    static Stream<Ending> endings() {
        return Stream.of(
                e -> e.fail(new SmcException(SmcException.Category.RETRY, "failed for the test")),
                TcpEndpoint::close,
                e -> {
                    e.stopReading();
                    e.stopWriting();
                });
    }

    @ParameterizedTest
    @MethodSource("endings")
    void shouldWakeThreadsThatWaitForEitherDirection(Ending ending) throws Exception {
        fillUp();
        Thread reader = Thread.ofPlatform().start(() -> waitFor(() -> endpoint.awaitReadable(LONG_NANOS)));
        Thread writer = Thread.ofPlatform().start(() -> waitFor(() -> endpoint.awaitWritable(LONG_NANOS)));
        await().until(() -> inNativeSleep(reader) && inNativeSleep(writer));
        ending.end(endpoint);
        assertThat(reader.join(Duration.ofSeconds(15))).isTrue();
        assertThat(writer.join(Duration.ofSeconds(15))).isTrue();
    }

    private static boolean inNativeSleep(Thread thread) {
        return java.util.Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("select"));
    }

    private interface Waiting {
        void run() throws InterruptedException;
    }

    private static void waitFor(Waiting waiting) {
        try {
            waiting.run();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldLeaveNoFileDescriptorBehind() throws Exception {
        useAndClose(); // what is opened once per process is open now
        long before = openFiles();
        for (int i = 0; i < 50; i++) {
            useAndClose();
        }
        await().until(() -> openFiles() <= before);
    }

    private void useAndClose() throws Exception {
        try (Loopback pair = Loopback.open();
                TcpEndpoint used = new TcpEndpoint(
                        pair.ours(), ByteString.emptyByteString(), readiness, 0, new RecordingListener())) {
            used.onReadable(() -> {});
            used.awaitReadable(1_000);
            pair.peerSends(new byte[] {1});
            used.awaitReadable(LONG_NANOS);
        }
    }

    private static long openFiles() {
        return ((com.sun.management.UnixOperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getOpenFileDescriptorCount();
    }

    @Test
    void shouldResetTheConnectionOnAbort() throws Exception {
        endpoint.sendStateFlags(0x20);
        assertThatThrownBy(() -> loopback.peerReceives(1)).hasMessageContaining("reset");
        assertThat(loopback.ours().isOpen()).isFalse();
    }

    @Test
    void shouldCloseInOrderAndAtOnceAlsoIfTheSocketIsRegistered() throws Exception {
        endpoint.onReadable(() -> {});
        await().until(() -> loopback.ours().isRegistered());
        endpoint.tryWrite(MemorySegment.ofArray(new byte[] {1}), 0, 1);
        endpoint.sendStateFlags(0xC0);
        assertThat(loopback.peerReceives(10)).containsExactly(1);
        // The socket is really gone, not only its write side: the kernel answers bytes with a reset.
        await().untilAsserted(() ->
                assertThatThrownBy(() -> loopback.peerSends(new byte[10])).isInstanceOf(IOException.class));
    }

    @Test
    void shouldResetTheConnectionWhenClosedWithUnreadBytes() throws Exception {
        loopback.peerSends(new byte[10]);
        endpoint.awaitReadable(LONG_NANOS);
        assertThat(endpoint.hasUnread()).isTrue();
        endpoint.stopReading();
        endpoint.sendStateFlags(0x40);
        assertThatThrownBy(() -> loopback.peerReceives(1)).hasMessageContaining("reset");
    }

    @Test
    void shouldEndBothDirectionsAndWakeEveryoneOnFail() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        endpoint.onReadable(calls::incrementAndGet);
        fillUp();
        endpoint.onWritable(calls::incrementAndGet);
        endpoint.fail(new SmcException(SmcException.Category.RETRY, "first"));
        endpoint.fail(new SmcException(SmcException.Category.BUG, "second"));
        assertThat(calls).hasValue(2);
        assertThatThrownBy(() -> endpoint.tryRead(MemorySegment.ofArray(new byte[1]), 0, 1))
                .hasMessage("first");
        assertThatThrownBy(() -> endpoint.tryWrite(MemorySegment.ofArray(new byte[1]), 0, 1))
                .hasMessage("first");
    }

    @Test
    void shouldReadTheEndOnceReadingWasStopped() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        endpoint.onReadable(calls::incrementAndGet);
        endpoint.stopReading();
        assertThat(calls).hasValue(1);
        assertThat(endpoint.tryRead(MemorySegment.ofArray(new byte[1]), 0, 1)).isEqualTo(-1);
    }

    @Test
    void shouldCountEverythingAsDrained() {
        endpoint.requestDrained();
        assertThat(listener.events).containsExactly("drained");
    }

    @Test
    void shouldSleepWhileNobodyAsks() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        endpoint.onReadable(calls::incrementAndGet);
        loopback.peerSends(new byte[1000]);
        loopback.peer().close(); // from now on the socket is readable for ever, and hung up
        await().untilAtomic(calls, org.hamcrest.Matchers.is(1));

        long before = readiness.selections();
        try (Loopback second = Loopback.open()) {
            TcpEndpoint other =
                    new TcpEndpoint(second.ours(), ByteString.emptyByteString(), readiness, 0, new RecordingListener());
            for (int i = 0; i < 20; i++) {
                CountDownLatch called = new CountDownLatch(1);
                other.onReadable(called::countDown);
                second.peerSends(new byte[] {1});
                assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
                other.tryRead(MemorySegment.ofArray(new byte[10]), 0, 10);
            }
            other.close();
        }
        assertThat(readiness.selections() - before).isLessThan(20 * 5);
    }

    @Test
    void shouldFailWhatStillWaitsWhenTheNodeStops() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        endpoint.onReadable(called::countDown);
        readiness.close();
        assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> endpoint.tryRead(MemorySegment.ofArray(new byte[1]), 0, 1))
                .hasMessageContaining("node stopped");
    }

    private void fillUp() throws SmcException {
        MemorySegment chunk = MemorySegment.ofArray(new byte[100_000]);
        while (endpoint.tryWrite(chunk, 0, chunk.byteSize()) > 0) {}
    }

    private static byte[] readAll(TcpEndpoint from, int chunk) throws Exception {
        ByteBuffer all = ByteBuffer.allocate(1000);
        MemorySegment target = MemorySegment.ofArray(new byte[chunk]);
        while (true) {
            from.awaitReadable(LONG_NANOS);
            long count = from.tryRead(target, 0, chunk);
            if (count < 0) {
                return java.util.Arrays.copyOf(all.array(), all.position());
            }
            all.put(target.asSlice(0, count).asByteBuffer());
        }
    }

    private static void writeAll(TcpEndpoint to, byte[] bytes, SplittableRandom sizes) {
        try {
            MemorySegment source = MemorySegment.ofBuffer(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
            long sent = 0;
            while (sent < bytes.length) {
                long count = to.tryWrite(source, sent, Math.min(bytes.length - sent, 1 + sizes.nextInt(200_000)));
                sent += count;
                if (count == 0) {
                    to.awaitWritable(LONG_NANOS);
                }
            }
            to.stopWriting();
            to.sendStateFlags(0x80);
        } catch (SmcException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void pingPong(TcpEndpoint end, int rounds, boolean first) {
        MemorySegment ball = MemorySegment.ofArray(new byte[1]);
        try {
            for (int i = 0; i < rounds; i++) {
                if (first) {
                    end.tryWrite(ball, 0, 1);
                }
                while (end.tryRead(ball, 0, 1) == 0) {
                    end.awaitReadable(LONG_NANOS);
                }
                if (!first) {
                    end.tryWrite(ball, 0, 1);
                }
            }
        } catch (SmcException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class RecordingListener implements EndpointListener {
        final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();

        @Override
        public void peerStateFlags(int stateFlags) {
            events.add("flags " + Integer.toHexString(stateFlags));
        }

        @Override
        public void drained() {
            events.add("drained");
        }

        @Override
        public void violation(String what) {
            events.add(what);
        }
    }
}
