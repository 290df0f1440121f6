package io.smc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writing and reading in place, and with several buffers: the same conduct over every transport. */
@Timeout(60)
class InPlaceTest {
    private static final long SEED = Long.getLong("smc4j.test.seed", System.nanoTime());
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private Path shm;
    private NodePair nodes;
    private SmcChannel near;
    private SmcChannel far;

    @BeforeEach
    void start() throws Exception {
        shm = Files.createTempDirectory(Path.of("/dev/shm"), "smc4j-test-");
        nodes = NodePair.start(shm, "smc4j.smc-d.buffer-size = 16 KiB", "smc4j.smc-r.buffer-size = 16 KiB");
    }

    private void connect(TransportPreference transport) throws Exception {
        NodePair.Ends ends = nodes.connect(transport);
        near = ends.client();
        far = ends.server();
        assertThat(near.info().transport().label()).isEqualTo(transport.label());
    }

    @AfterEach
    void stop() throws Exception {
        nodes.close();
        try (Stream<Path> left = Files.walk(shm)) {
            for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SMC_D", "SMC_R", "TCP"})
    void shouldShowThePeerWhatWasWrittenInPlace(TransportPreference transport) throws Exception {
        connect(transport);
        SmcClaim claim = near.claim(100);
        assertThat(claim.length()).isEqualTo(100);
        claim.memory().set(BYTE, claim.offset(), (byte) 'a');
        claim.segment().set(BYTE, 1, (byte) 'b');
        claim.buffer().put(2, (byte) 'c');
        claim.commit(3);
        assertThat(claim.length()).isZero();

        SmcPeek peek = far.peek();
        assertThat(peek.length()).isEqualTo(3);
        assertThat(text(peek)).isEqualTo("abc");
        peek.release(1);
        assertThat(text(far.peek())).isEqualTo("bc");
    }

    private static String text(SmcPeek peek) {
        StringBuilder text = new StringBuilder();
        for (long i = 0; i < peek.length(); i++) {
            text.append((char) peek.memory().get(BYTE, peek.offset() + i));
        }
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource(names = {"SMC_D", "SMC_R", "TCP"})
    void shouldSendNothingOfAnAbortedClaim(TransportPreference transport) throws Exception {
        connect(transport);
        near.claim(50).abort();
        near.claim(50).commit(0);
        SmcClaim claim = near.claim(1);
        claim.memory().set(BYTE, claim.offset(), (byte) 7);
        claim.commit(1);
        ByteBuffer got = ByteBuffer.allocate(10);
        assertThat(far.read(got)).isEqualTo(1);
        assertThat(got.get(0)).isEqualTo((byte) 7);
    }

    @ParameterizedTest
    @EnumSource(names = {"SMC_D", "SMC_R", "TCP"})
    void shouldCarryAStreamOfRandomPiecesInPlaceAndCopied(TransportPreference transport) throws Exception {
        connect(transport);
        int total = 300_000;
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writeRandomly(near, total));
        Random random = new Random(SEED + 1);
        ByteBuffer one = ByteBuffer.allocate(3000);
        ByteBuffer other = ByteBuffer.allocateDirect(500);
        int position = 0;
        while (position < total) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    one.clear().limit(random.nextInt(3001));
                    int count = far.read(one);
                    position = check(one.flip(), position, count);
                }
                case 1 -> {
                    one.clear();
                    other.clear();
                    long _ = far.read(new ByteBuffer[] {other, one});
                    position = check(other.flip(), position, other.limit());
                    position = check(one.flip(), position, one.limit());
                }
                case 2 -> {
                    int at = position;
                    position += (int) far.poll(bytes -> {
                        ByteBuffer buffer = bytes.buffer();
                        int used = check(buffer, at, buffer.remaining()) - at;
                        return used / 2 + used % 2;
                    });
                }
                default -> {
                    SmcPeek peek = far.peek();
                    int used = random.nextInt((int) peek.length() + 1);
                    position = check(peek.buffer().limit(used), position, used);
                    peek.release(used);
                }
            }
        }
        writer.get(20, TimeUnit.SECONDS);
        assertThat(far.info().bytesRead()).as("seed %d", SEED).isEqualTo(total);
        assertThat(near.info().bytesWritten()).isEqualTo(total);
        near.close();
        assertThat(far.peek().length()).isEqualTo(-1);
        assertThat(far.poll(bytes -> bytes.length())).isEqualTo(-1);
    }

    private static int check(ByteBuffer bytes, int position, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(bytes.get(i)).as("byte %d, seed %d", position + i, SEED).isEqualTo(pattern(position + i));
        }
        return position + count;
    }

    private static byte pattern(int position) {
        return (byte) (position * 31 + position / 251);
    }

    private static void writeRandomly(SmcChannel channel, int total) {
        Random random = new Random(SEED);
        try {
            int position = 0;
            while (position < total) {
                int most = Math.min(total - position, 1 + random.nextInt(6000));
                if (random.nextBoolean()) {
                    SmcClaim claim = channel.claim(most);
                    int n = random.nextInt((int) claim.length() + 1);
                    for (int i = 0; i < n; i++) {
                        claim.memory().set(BYTE, claim.offset() + i, pattern(position + i));
                    }
                    claim.commit(n);
                    position += n;
                } else {
                    ByteBuffer[] parts = {ByteBuffer.allocate(most / 3), ByteBuffer.allocateDirect(most - most / 3)};
                    for (ByteBuffer part : parts) {
                        while (part.hasRemaining()) {
                            part.put(pattern(position++));
                        }
                        part.flip();
                    }
                    assertThat(channel.write(parts)).isEqualTo(most);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SMC_D", "SMC_R", "TCP"})
    void shouldRefuseMisuseAndGoOn(TransportPreference transport) throws Exception {
        connect(transport);
        SmcClaim claim = near.claim(8);
        assertBug(() -> claim.commit(9), "8 are claimed");
        assertBug(() -> claim.commit(-1), "8 are claimed");
        assertBug(() -> near.tryClaim(1), "not given back");
        assertBug(() -> near.write(ByteBuffer.allocate(1)), "not given back");
        claim.segment().fill((byte) 5);
        claim.commit(8);
        assertBug(() -> claim.commit(1), "nothing is claimed");
        assertBug(() -> near.tryClaim(0), "1 byte or more");

        SmcPeek peek = far.peek();
        assertThatThrownBy(() -> peek.memory().set(BYTE, peek.offset(), (byte) 0))
                .isInstanceOf(IllegalArgumentException.class); // read-only
        assertBug(() -> peek.release(9), "8 are there");
        assertBug(() -> far.tryPeek(), "not released");
        assertBug(() -> far.read(ByteBuffer.allocate(1)), "not released");
        peek.release(8);
        assertBug(() -> peek.release(1), "nothing is there");
        near.claim(2).commit(2);
        far.peek().release(0); // it has arrived
        assertBug(() -> far.poll(bytes -> bytes.length() + 1), "said it used");
        assertThat(far.read(ByteBuffer.allocate(9))).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"SMC_D", "SMC_R", "TCP"})
    void shouldRefuseASecondThread(TransportPreference transport) throws Exception {
        connect(transport);
        Thread waiting = Thread.ofVirtual().start(() -> assertThatThrownBy(() -> far.peek()));
        while (waiting.isAlive() && waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertBug(() -> far.tryPeek(), "Two threads");
        far.abort();
        waiting.join(20_000);
        assertThat(waiting.isAlive()).isFalse();
    }

    private static void assertBug(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SmcException.class, e -> assertThat(e.category()).isEqualTo(SmcException.Category.BUG))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @EnumSource(names = {"SMC_D", "SMC_R", "TCP"})
    void shouldEndWhatItLentWhenItIsClosed(TransportPreference transport) throws Exception {
        connect(transport);
        far.write(ByteBuffer.allocate(3));
        SmcClaim claim = near.claim(8);
        SmcPeek peek = near.peek();
        MemorySegment space = claim.segment();
        ByteBuffer buffer = claim.buffer();
        MemorySegment bytes = peek.segment();
        near.close();
        assertThatThrownBy(() -> space.set(BYTE, 0, (byte) 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> buffer.put(0, (byte) 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> bytes.get(BYTE, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> claim.memory().get(BYTE, 0)).isInstanceOf(IllegalStateException.class);
        assertBug(() -> claim.commit(8), "closed");
        assertBug(() -> peek.release(3), "closed");
        assertBug(() -> near.tryClaim(1), "closed");
        assertBug(() -> near.tryPeek(), "closed");
        claim.abort();
    }

    @ParameterizedTest
    @EnumSource(names = {"SMC_D", "SMC_R", "TCP"})
    void shouldDeliverWhatWasCommittedBeforeTheClose(TransportPreference transport) throws Exception {
        connect(transport);
        int written = 0;
        int idle = 0;
        while (idle < 3) { // until there is no room anywhere
            SmcClaim claim = near.tryClaim(64 * 1024);
            int n = (int) claim.length();
            for (int i = 0; i < n; i++) {
                claim.memory().set(BYTE, claim.offset() + i, pattern(written + i));
            }
            if (n > 0) {
                claim.commit(n);
            }
            written += n;
            idle = n == 0 ? idle + 1 : 0;
        }
        near.close();
        ByteBuffer target = ByteBuffer.allocate(10_000);
        int position = 0;
        while (far.read(target.clear()) >= 0) {
            position = check(target.flip(), position, target.limit());
        }
        assertThat(position).isEqualTo(written);
        far.close();
        NodePair.await(near.terminated());
    }

    @ParameterizedTest
    @EnumSource(names = {"SMC_D", "SMC_R", "TCP"})
    void shouldReadAndWriteSeveralBuffers(TransportPreference transport) throws Exception {
        connect(transport);
        ByteBuffer[] sources = {
            ByteBuffer.wrap(new byte[] {9, 1, 2}).position(1), ByteBuffer.allocate(0), ByteBuffer.wrap(new byte[] {3})
        };
        assertThat(near.write(sources)).isEqualTo(3);
        assertThat(near.tryWrite(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {4, 5})}, 0, 1))
                .isEqualTo(2);
        ByteBuffer[] targets = {ByteBuffer.allocate(2), ByteBuffer.allocateDirect(3)};
        long got = 0;
        while (got < 5) {
            got += far.read(targets);
        }
        assertThat(targets[0].array()).containsExactly(1, 2);
        assertThat(targets[1].duplicate().flip()).isEqualTo(ByteBuffer.wrap(new byte[] {3, 4, 5}));
        assertThat(far.read(targets)).isZero(); // full
        assertThatThrownBy(() -> far.tryRead(targets, 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
