package io.smc4j.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.smc4j.protocol.MessageGenerator;
import io.smc4j.protocol.Seeds;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever arrives, a decoder answers with a message or a {@link io.smc4j.protocol.ProtocolViolation}: no other exception, no
 * hang (60 seconds for 1000 inputs), no memory beyond a small multiple of the input; and what it accepts survives encoding.
 *
 * <p>Time for all kinds together: 30 seconds, as in CI; {@code -Dsmc4j.fuzz.seconds} sets another. The long mode counts instead:
 * {@code -Dsmc4j.fuzz.inputs=10000000} inputs for each kind, or for those that
 * {@code -Dsmc4j.fuzz.kinds=CDC,CLC_PROPOSAL} names. A failure prints its seed and input and writes the input to
 * {@code target/fuzz}; put it into the corpus.
 */
class FuzzTest {
    private static final long INPUTS = Long.getLong("smc4j.fuzz.inputs", 0);
    private static final long SECONDS = Long.getLong("smc4j.fuzz.seconds", 30);
    private static final String KINDS = System.getProperty("smc4j.fuzz.kinds", "");
    private static final int BATCH = 1_000;

    /** For a batch, which takes milliseconds: so long that a busy machine is not taken for a hang. */
    private static final long HANG_SECONDS = 60;

    /** Decoding, encoding and decoding again; the largest message has 8 KiB, and the encoder's scratch buffer as many. */
    private static final long MAX_BYTES_PER_INPUT = 128 * 1024;

    @ParameterizedTest
    @EnumSource
    void shouldStillStandWhatOnceBroke(MessageKind kind) {
        for (byte[] input : Corpus.of(kind)) {
            kind.accepts(ByteBuffer.wrap(input));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldStandAnything(MessageKind kind) throws Exception {
        assumeTrue(KINDS.isEmpty() || List.of(KINDS.split(",")).contains(kind.name()), "not asked for");
        SplittableRandom random = Seeds.random("fuzz " + kind);
        MessageGenerator generator = new MessageGenerator(random.split());
        Mutator mutator = new Mutator(random.split());
        List<byte[]> seeds = new ArrayList<>(Corpus.of(kind));
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(SECONDS) / MessageKind.values().length;
        long tried = 0;
        Totals totals = new Totals();
        // A decoder in an endless loop heeds no interrupt, so that the process must be able to end without its thread.
        try (Decoding decoding = new Decoding(kind)) {
            while (INPUTS > 0 ? tried < INPUTS : System.nanoTime() < end) {
                seeds.set(random.nextInt(seeds.size()), kind.valid(generator));
                byte[][] inputs = new byte[BATCH][];
                for (int i = 0; i < BATCH; i++) {
                    byte[] seed = seeds.get(random.nextInt(seeds.size()));
                    inputs[i] = random.nextInt(32) == 0
                            ? mutator.noise()
                            : mutator.mutate(seed, seeds.get(random.nextInt(seeds.size())));
                }
                totals.add(decoding.decode(inputs));
                tried += BATCH;
            }
        }
        System.out.printf(
                "fuzz %s: %d inputs in %.1f s, %d accepted, at most %d bytes allocated for one%n",
                kind, tried, (System.nanoTime() - start) / 1e9, totals.accepted, totals.mostBytes);
        assertThat(totals.accepted)
                .as("inputs accepted, or the fuzzer never gets past the first check")
                .isPositive();
    }

    /** What came of some inputs. */
    private static final class Totals {
        private long accepted;
        private long mostBytes;

        void add(Totals other) {
            accepted += other.accepted;
            mostBytes = Math.max(mostBytes, other.mostBytes);
        }
    }

    /** A thread that decodes, and a clock beside it. */
    private static final class Decoding implements AutoCloseable {
        private final MessageKind kind;
        private final AtomicReference<byte[]> current = new AtomicReference<>(new byte[0]);
        private final ExecutorService thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("decoder").factory());

        Decoding(MessageKind kind) {
            this.kind = kind;
        }

        Totals decode(byte[][] inputs) throws Exception {
            try {
                return thread.submit(() -> decodeHere(inputs)).get(HANG_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                Corpus.report(kind, current.get());
                throw new AssertionError(kind + " hangs on " + HexFormat.of().formatHex(current.get()), e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw e;
            }
        }

        private Totals decodeHere(byte[][] inputs) {
            ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            Totals totals = new Totals();
            for (byte[] input : inputs) {
                current.lazySet(input);
                long before = memory.getCurrentThreadAllocatedBytes();
                totals.accepted += FuzzTest.decode(kind, input) ? 1 : 0;
                long bytes = memory.getCurrentThreadAllocatedBytes() - before;
                if (bytes > MAX_BYTES_PER_INPUT) { // the first time it may be classes that are loaded
                    before = memory.getCurrentThreadAllocatedBytes();
                    FuzzTest.decode(kind, input);
                    bytes = memory.getCurrentThreadAllocatedBytes() - before;
                }
                totals.mostBytes = Math.max(totals.mostBytes, bytes);
                if (bytes > MAX_BYTES_PER_INPUT) {
                    Corpus.report(kind, input);
                    throw new AssertionError(kind + " allocates " + bytes + " bytes for "
                            + HexFormat.of().formatHex(input));
                }
            }
            return totals;
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }

    private static boolean decode(MessageKind kind, byte[] input) {
        try {
            return kind.accepts(ByteBuffer.wrap(input));
        } catch (RuntimeException | Error e) {
            Corpus.report(kind, input);
            throw new AssertionError(kind + " broke on " + HexFormat.of().formatHex(input), e);
        }
    }
}
