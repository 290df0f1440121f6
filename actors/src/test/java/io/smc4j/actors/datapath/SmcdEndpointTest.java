package io.smc4j.actors.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcException;
import io.smc4j.actors.fake.FakeDmbPair;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.cdc.SmcdControlArea;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SmcdEndpointTest {
    private static final class Edges implements EndpointListener {
        final List<Integer> flags = Collections.synchronizedList(new ArrayList<>());
        final List<String> violations = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger drained = new AtomicInteger();

        @Override
        public void peerStateFlags(int stateFlags) {
            flags.add(stateFlags);
        }

        @Override
        public void drained() {
            drained.incrementAndGet();
        }

        @Override
        public void violation(String what) {
            violations.add(what);
        }
    }

    private final List<FakeDmbPair> dmbs = new ArrayList<>();
    private final Edges edgesA = new Edges();
    private final Edges edgesB = new Edges();
    private FakeDmbPair dmbA = new FakeDmbPair(64);
    private FakeDmbPair dmbB = new FakeDmbPair(64);
    private SmcdEndpoint a = join(1024, WaitSettings.defaults());
    private SmcdEndpoint b = a;

    /** Two endpoints with DMBs of that size. */
    private SmcdEndpoint join(int size, WaitSettings waiting) {
        dmbA = new FakeDmbPair(size);
        dmbB = new FakeDmbPair(size);
        dmbs.add(dmbA);
        dmbs.add(dmbB);
        a = new SmcdEndpoint(dmbA.own, dmbB.remote, edgesA, waiting);
        b = new SmcdEndpoint(dmbB.own, dmbA.remote, edgesB, waiting);
        dmbA.ring(a);
        dmbB.ring(b);
        return a;
    }

    {
        join(1024, WaitSettings.defaults());
    }

    @AfterEach
    void close() {
        dmbs.forEach(FakeDmbPair::close);
    }

    private static MemorySegment pattern(long position, int n) {
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            bytes[i] = at(position + i);
        }
        return MemorySegment.ofArray(bytes);
    }

    private static byte at(long position) {
        return (byte) (position * 2654435761L >>> 11);
    }

    @Test
    void shouldMoveBytesThroughTheRingOfSizeMinus32() throws Exception {
        assertThat(a.tryWrite(pattern(0, 2000), 0, 2000)).isEqualTo(1024 - 32);
        assertThat(a.writable()).isFalse();
        assertThat(b.readable()).isTrue();
        byte[] got = new byte[2000];
        assertThat(b.tryRead(MemorySegment.ofArray(got), 0, 2000)).isEqualTo(992);
        assertThat(MemorySegment.ofArray(got).asSlice(0, 992).mismatch(pattern(0, 992)))
                .isEqualTo(-1);
        assertThat(a.writable()).isTrue();
        assertThat(a.bytesWritten()).isEqualTo(992);
        assertThat(b.bytesRead()).isEqualTo(992);
    }

    @Test
    void shouldLayOutTheControlAreaAsLinuxDoes() throws Exception {
        a.tryWrite(pattern(0, 0x100), 0, 0x100);
        byte[] area = dmbB.memory.asSlice(0, 32).toArray(ValueLayout.JAVA_BYTE);
        assertThat(area[0]).isEqualTo((byte) 0xFE);
        assertThat(area[10]).isZero();
        assertThat(area[11]).isEqualTo((byte) 1);
        a.sendStateFlags(CdcFlags.DONE_WRITING);
        assertThat(dmbB.memory.get(ValueLayout.JAVA_BYTE, 23)).isEqualTo((byte) 0x80);
    }

    @Test
    void shouldReadEverythingBeforeTheEndOfTheStreamAndTellTheActorOnce() throws Exception {
        a.tryWrite(pattern(0, 10), 0, 10);
        a.stopWriting();
        a.sendStateFlags(CdcFlags.DONE_WRITING);
        byte[] got = new byte[20];
        assertThat(b.tryRead(MemorySegment.ofArray(got), 0, 20)).isEqualTo(10);
        assertThat(b.tryRead(MemorySegment.ofArray(got), 0, 20)).isEqualTo(-1);
        assertThat(b.tryRead(MemorySegment.ofArray(got), 0, 20)).isEqualTo(-1);
        assertThat(edgesB.flags).containsExactly(CdcFlags.DONE_WRITING);
        assertThatThrownBy(() -> a.tryWrite(pattern(0, 1), 0, 1)).isInstanceOf(SmcException.class);
        b.sendStateFlags(CdcFlags.CLOSED);
        assertThat(edgesA.flags).containsExactly(CdcFlags.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                5000, // count beyond the ring
                1L << 33 | 5, // rounds ahead
                0x0000_0000_FFFF_FFFFL // count 2^32 - 1
            })
    void shouldRefuseImpossibleProducerCursors(long cursor) {
        dmbB.memory.set(ValueLayout.JAVA_LONG, SmcdControlArea.OFFSET_PRODUCER, SmcdControlArea.packProducer(cursor));
        assertThat(b.readable()).isTrue();
        byte[] got = new byte[20];
        assertThatThrownBy(() -> b.tryRead(MemorySegment.ofArray(got), 0, 20)).isInstanceOf(SmcException.class);
        assertThat(edgesB.violations).hasSize(1);
        assertThatThrownBy(() -> b.tryWrite(MemorySegment.ofArray(got), 0, 20)).isInstanceOf(SmcException.class);
        assertThat(edgesB.violations).hasSize(1);
    }

    @Test
    void shouldRefuseCursorsThatGoBackOrPassTheProducer() throws Exception {
        a.tryWrite(pattern(0, 100), 0, 100);
        byte[] got = new byte[60];
        b.tryRead(MemorySegment.ofArray(got), 0, 60);
        dmbB.memory.set(
                ValueLayout.JAVA_LONG,
                SmcdControlArea.OFFSET_PRODUCER,
                SmcdControlArea.packProducer(Cursors.pack(0, 70)));
        assertThatThrownBy(() -> b.tryRead(MemorySegment.ofArray(got), 0, 20)).hasMessageContaining("producer cursor");
        dmbA.memory.set(
                ValueLayout.JAVA_LONG,
                SmcdControlArea.OFFSET_CONSUMER,
                SmcdControlArea.packConsumer(Cursors.pack(0, 101), 0, 0));
        assertThatThrownBy(() -> a.tryWrite(pattern(0, 1), 0, 1)).hasMessageContaining("consumer cursor");
    }

    @Test
    void shouldTurnClosedMemoryIntoAStatedFailure() throws Exception {
        dmbB.close();
        dmbs.remove(dmbB);
        byte[] got = new byte[60];
        assertThatThrownBy(() -> b.tryRead(MemorySegment.ofArray(got), 0, 20))
                .isInstanceOf(SmcException.class)
                .hasMessageContaining("released");
        assertThatThrownBy(() -> a.tryWrite(MemorySegment.ofArray(got), 0, 20)).isInstanceOf(SmcException.class);
        assertThat(a.readable()).isTrue();
        assertThat(b.writable()).isTrue();
        b.awaitReadable(1_000_000);
        b.onReadable(() -> {});
        b.sendStateFlags(CdcFlags.ABORT);
        b.watch();
        b.onSignal();
    }

    @Test
    void shouldTellPeerFlagsByDoorbellWithoutAnyApplicationThread() {
        a.sendStateFlags(CdcFlags.ABORT);
        assertThat(edgesB.flags).containsExactly(CdcFlags.ABORT);
    }

    @Test
    void shouldSeeFlagsByWatchingWhenTheDoorbellWasUsedUpByData() throws Exception {
        a.tryWrite(pattern(0, 10), 0, 10); // rings the doorbell that attached() asked for
        a.sendStateFlags(CdcFlags.CLOSED);
        assertThat(edgesB.flags).isEmpty();
        b.watch();
        assertThat(edgesB.flags).containsExactly(CdcFlags.CLOSED);
    }

    @Test
    void shouldAskForTheDoorbellAgainWhenDataStoppedFlowing() throws Exception {
        a.tryWrite(pattern(0, 10), 0, 10);
        b.watch();
        b.watch();
        a.sendStateFlags(CdcFlags.CLOSED);
        assertThat(edgesB.flags).containsExactly(CdcFlags.CLOSED);
    }

    @Test
    void shouldNotRingDoorbellsWhileNobodySleeps() throws Exception {
        byte[] got = new byte[100];
        for (int i = 0; i < 1000; i++) {
            a.tryWrite(pattern(0, 100), 0, 100);
            b.tryRead(MemorySegment.ofArray(got), 0, 100);
        }
        assertThat(dmbB.doorbells.get() + dmbA.doorbells.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void shouldCallBackOnceWhenReadableAndWritable() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        b.onReadable(calls::incrementAndGet);
        b.onReadable(calls::incrementAndGet);
        assertThat(calls).hasValue(0);
        a.tryWrite(pattern(0, 992), 0, 992);
        assertThat(calls).hasValue(2);
        a.onWritable(calls::incrementAndGet);
        byte[] got = new byte[10];
        assertThat(a.tryWrite(pattern(0, 1), 0, 1)).isZero();
        b.tryRead(MemorySegment.ofArray(got), 0, 10);
        assertThat(calls).hasValue(3);
        a.tryWrite(pattern(0, 1), 0, 1);
        assertThat(calls).hasValue(3);
    }

    @Test
    void shouldNotBeQuietWhileAThreadIsInside() {
        a.close();
        assertThat(a.isQuiet()).isTrue();
        assertThatThrownBy(() -> a.tryWrite(pattern(0, 1), 0, 1)).isInstanceOf(SmcException.class);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldWakeASleeperWhenTheConnectionFails(Kind kind) throws Exception {
        join(1024, new WaitSettings(0, 1));
        try (ExecutorService threads = kind.executor()) {
            Future<?> reader = threads.submit(() -> {
                b.awaitReadable(TimeUnit.SECONDS.toNanos(50));
                return null;
            });
            b.fail(new SmcException(SmcException.Category.RECONNECT, "test"));
            reader.get(40, TimeUnit.SECONDS);
        }
    }

    /** Kinds of threads, which sleep differently. */
    enum Kind {
        PLATFORM,
        VIRTUAL;

        ExecutorService executor() {
            return this == PLATFORM ? Executors.newCachedThreadPool() : Executors.newVirtualThreadPerTaskExecutor();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "64,0,PLATFORM",
        "64,0,VIRTUAL",
        "333,50,PLATFORM",
        "16384,0,VIRTUAL",
        "16384,400,PLATFORM",
        "65536,400,VIRTUAL"
    })
    void shouldDeliverEveryByteBetweenTwoThreads(int size, int spins, Kind kind) throws Exception {
        long seed = Long.getLong("smc4j.test.seed", new SplittableRandom().nextLong());
        join(size, new WaitSettings(spins, 20));
        // The small ring goes round more often than the 16-bit wrap counter.
        long total = size == 64 ? 66_000L * 32 : 3_000L * 1024;
        try (ExecutorService threads = kind.executor()) {
            List<Future<?>> all = List.of(
                    threads.submit(() -> write(a, total, seed)),
                    threads.submit(() -> read(b, total, seed + 1)),
                    threads.submit(() -> write(b, total / 4, seed + 2)),
                    threads.submit(() -> read(a, total / 4, seed + 3)));
            for (Future<?> each : all) {
                each.get(50, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new AssertionError("seed " + seed + ", violations " + edgesA.violations + edgesB.violations, e);
        }
        assertThat(edgesA.violations).isEmpty();
        assertThat(edgesB.violations).isEmpty();
    }

    private static @org.jspecify.annotations.Nullable Void write(SmcdEndpoint to, long total, long seed)
            throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        MemorySegment source = pattern(0, 1 << 16);
        long done = 0;
        while (done < total) {
            int from = (int) (done & 0x7FFF);
            int n = (int) Math.min(total - done, random.nextInt(1, random.nextInt(10) == 0 ? 20_000 : 50));
            MemorySegment.copy(pattern(done, n), 0, source, from, n);
            long written = to.tryWrite(source, from, n);
            done += written;
            if (written < n) {
                to.awaitWritable(Long.MAX_VALUE);
            }
        }
        return null;
    }

    private static @org.jspecify.annotations.Nullable Void read(SmcdEndpoint from, long total, long seed)
            throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] target = new byte[20_000];
        long done = 0;
        while (done < total) {
            long n = from.tryRead(
                    MemorySegment.ofArray(target), 0, random.nextInt(1, random.nextInt(10) == 0 ? 20_000 : 100));
            if (n == 0) {
                from.awaitReadable(Long.MAX_VALUE);
            }
            for (int i = 0; i < n; i++) {
                if (target[i] != at(done + i)) {
                    throw new AssertionError("byte " + (done + i));
                }
            }
            done += Math.max(0, n);
        }
        return null;
    }
}
