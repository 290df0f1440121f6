package io.smc4j.actors.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smc4j.SmcException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ChannelImplTest {
    private final MemoryEndpoint.Pair pair = MemoryEndpoint.pair(8);
    private final ChannelImpl left = pair.left().channel();
    private final ChannelImpl right = pair.right().channel();

    @Test
    void shouldMovePositionsByWhatWasReadAndWritten() throws SmcException {
        ByteBuffer source = ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}, 1, 3);
        assertThat(left.tryWrite(source)).isEqualTo(3);
        assertThat(source.position()).isEqualTo(4);
        ByteBuffer target = ByteBuffer.allocateDirect(10).position(2).limit(4);
        assertThat(right.tryRead(target)).isEqualTo(2);
        assertThat(target.position()).isEqualTo(4);
        assertThat(target.get(2)).isEqualTo((byte) 1);
        assertThat(target.get(3)).isEqualTo((byte) 2);
        assertThat(right.tryRead(target)).isZero();
        assertThat(right.read(target)).isZero();
        assertThat(right.tryRead(target.clear())).isEqualTo(1);
        assertThat(target.get(0)).isEqualTo((byte) 3);
    }

    @Test
    void shouldAcceptSlicesAndReadOnlySources() throws SmcException {
        ByteBuffer slice =
                ByteBuffer.wrap(new byte[] {0, 0, 5, 6, 7}).position(2).slice().asReadOnlyBuffer();
        assertThat(left.write(slice)).isEqualTo(3);
        byte[] target = new byte[3];
        assertThat(right.read(ByteBuffer.wrap(target))).isEqualTo(3);
        assertThat(target).containsExactly(5, 6, 7);
    }

    @Test
    void shouldWriteEverythingThroughASmallBufferWhileTheOtherSideReads() throws Exception {
        byte[] sent = new byte[1000];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) i;
        }
        CompletableFuture<Integer> writing = CompletableFuture.supplyAsync(() -> write(left, sent));
        ByteBuffer received = ByteBuffer.allocate(sent.length);
        while (received.hasRemaining()) {
            assertThat(right.read(received)).isPositive();
        }
        assertThat(received.array()).isEqualTo(sent);
        assertThat(writing.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @Test
    void shouldReadTheRestAndThenTheEndAfterAHalfClose() throws SmcException {
        left.write(ByteBuffer.wrap(new byte[3]));
        left.shutdownOutput();
        left.shutdownOutput();
        assertThat(pair.left().requests).containsExactly("shutdownOutput");
        assertThat(right.read(ByteBuffer.allocate(10))).isEqualTo(3);
        assertThat(right.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        assertThatThrownBy(() -> left.write(ByteBuffer.allocate(1)))
                .isInstanceOfSatisfying(
                        SmcException.class, e -> assertThat(e.category()).isEqualTo(SmcException.Category.BUG))
                .hasMessageContaining("shutdownOutput");
        assertThat(right.write(ByteBuffer.allocate(2))).isEqualTo(2);
        assertThat(left.read(ByteBuffer.allocate(10))).isEqualTo(2);
    }

    @Test
    void shouldRefuseUseAfterClose() {
        left.close();
        left.close();
        assertThat(pair.left().requests).containsExactly("close");
        assertThat(left.isOpen()).isFalse();
        assertThatThrownBy(() -> left.read(ByteBuffer.allocate(1))).hasMessageContaining("closed by this side");
        assertThatThrownBy(() -> left.tryWrite(ByteBuffer.allocate(1))).hasMessageContaining("closed by this side");
        assertThatThrownBy(left::shutdownOutput).hasMessageContaining("closed by this side");
        AtomicInteger calls = new AtomicInteger();
        left.onReadable(calls::incrementAndGet);
        left.onWritable(calls::incrementAndGet);
        assertThat(calls).hasValue(2);
    }

    @Test
    void shouldEndABlockedReadWhenAnotherThreadCloses() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Thread reader =
                Thread.ofPlatform().start(() -> seen.complete(failureOf(() -> left.read(ByteBuffer.allocate(1)))));
        awaitWaiting(reader);
        left.close();
        assertThat(seen.get(20, TimeUnit.SECONDS)).hasMessageContaining("closed by this side");
    }

    @Test
    void shouldThrowTheReasonOnceFailedAndNoLongerBeOpen() {
        assertThat(right.isOpen()).isTrue();
        left.abort();
        left.abort();
        left.close();
        assertThat(pair.left().requests).containsExactly("abort");
        assertThatThrownBy(() -> right.read(ByteBuffer.allocate(1))).hasMessage("the peer aborted");
        assertThat(right.isOpen()).isFalse();
        assertThat(left.terminated()).isCompletedExceptionally();
    }

    @Test
    void shouldEscalateACloseToAnAbort() {
        left.close();
        left.abort();
        assertThat(pair.left().requests).containsExactly("close", "abort");
    }

    @Test
    void shouldLetAnInterruptedReaderGoOnLater() throws Exception {
        CompletableFuture<Boolean> status = new CompletableFuture<>();
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            seen.complete(failureOf(() -> left.read(ByteBuffer.allocate(1))));
            status.complete(Thread.currentThread().isInterrupted());
        });
        awaitWaiting(reader);
        reader.interrupt();
        assertThat(seen.get(20, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        SmcException.class, e -> assertThat(e.category()).isEqualTo(SmcException.Category.RETRY));
        assertThat(seen.get()).hasCauseInstanceOf(InterruptedException.class);
        assertThat(status.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(left.isOpen()).isTrue();
        right.write(ByteBuffer.allocate(1));
        assertThat(left.read(ByteBuffer.allocate(1))).isEqualTo(1);
    }

    @Test
    void shouldRefuseASecondReaderAndKeepTheFirst() throws Exception {
        CompletableFuture<Integer> first = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().name("first-reader").start(() -> first.complete(read(left)));
        awaitWaiting(reader);
        assertThatThrownBy(() -> left.tryRead(ByteBuffer.allocate(1)))
                .isInstanceOfSatisfying(
                        SmcException.class, e -> assertThat(e.category()).isEqualTo(SmcException.Category.BUG))
                .hasMessageContaining("first-reader");
        assertThat(left.write(ByteBuffer.allocate(1))).isEqualTo(1); // the other direction is another thread's business
        right.write(ByteBuffer.allocate(1));
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(left.tryRead(ByteBuffer.allocate(1))).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAllocateNothingPerCall(boolean direct) throws SmcException {
        ByteBuffer source = direct ? ByteBuffer.allocateDirect(8) : ByteBuffer.allocate(8);
        ByteBuffer target = direct ? ByteBuffer.allocateDirect(8) : ByteBuffer.allocate(8);
        MutedEndpoint muted = new MutedEndpoint();
        ChannelImpl channel = new ChannelImpl(muted, pair.left(), 1);
        exchange(channel, source, target, 1_000);
        long before = allocatedBytes();
        exchange(channel, source, target, 10_000);
        // The weak reference may be cleared by a collection: a few dozen bytes then, not some per call.
        assertThat(allocatedBytes() - before).isLessThan(10_000);
    }

    private static void exchange(ChannelImpl channel, ByteBuffer source, ByteBuffer target, int rounds)
            throws SmcException {
        for (int i = 0; i < rounds; i++) {
            channel.write(source.clear());
            channel.tryWrite(source.clear());
            channel.read(target.clear());
            channel.tryRead(target.clear());
        }
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private interface Action {
        void run() throws Exception;
    }

    private static Throwable failureOf(Action action) {
        try {
            action.run();
            return new AssertionError("no exception");
        } catch (Exception e) {
            return e;
        }
    }

    private static int read(ChannelImpl channel) {
        try {
            return channel.read(ByteBuffer.allocate(1));
        } catch (SmcException e) {
            throw new AssertionError(e);
        }
    }

    private static int write(ChannelImpl channel, byte[] bytes) {
        try {
            return channel.write(ByteBuffer.wrap(bytes));
        } catch (SmcException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitWaiting(Thread thread) {
        await().until(() ->
                thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING);
    }
}
