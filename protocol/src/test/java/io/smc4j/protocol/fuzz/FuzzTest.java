package io.smc4j.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.smc4j.protocol.MessageGenerator;
import io.smc4j.protocol.Seeds;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever arrives, a decoder answers with a message or a {@link io.smc4j.protocol.ProtocolViolation}: no other exception, no
 * hang, no memory beyond a small multiple of the input; and what it accepts survives encoding.
 *
 * <p>Time for all kinds together: 30 seconds, as in CI; {@code -Dsmc4j.fuzz.seconds} sets another. The long mode counts instead:
 * {@code -Dsmc4j.fuzz.inputs=10000000} inputs for each kind. A failure prints its seed and input and writes the input to
 * {@code target/fuzz}; put it into the corpus.
 */
class FuzzTest {
    private static final long INPUTS = Long.getLong("smc4j.fuzz.inputs", 0);
    private static final long SECONDS = Long.getLong("smc4j.fuzz.seconds", 30);
    private static final int BATCH = 1_000;

    /** Decoding, encoding and decoding again; the largest message has 8 KiB, and the encoder's scratch buffer as many. */
    private static final long MAX_BYTES_PER_INPUT = 256 * 1024;

    @ParameterizedTest
    @EnumSource
    void shouldStillStandWhatOnceBroke(MessageKind kind) {
        for (byte[] input : Corpus.of(kind)) {
            kind.accepts(ByteBuffer.wrap(input));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void shouldStandAnything(MessageKind kind) {
        SplittableRandom random = Seeds.random("fuzz " + kind);
        MessageGenerator generator = new MessageGenerator(random.split());
        Mutator mutator = new Mutator(random.split());
        List<byte[]> seeds = new ArrayList<>(Corpus.of(kind));
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS) / MessageKind.values().length;
        long tried = 0;
        long accepted = 0;
        while (INPUTS > 0 ? tried < INPUTS : System.nanoTime() < end) {
            seeds.set(random.nextInt(seeds.size()), kind.valid(generator));
            byte[][] inputs = new byte[BATCH][];
            for (int i = 0; i < BATCH; i++) {
                byte[] seed = seeds.get(random.nextInt(seeds.size()));
                inputs[i] = random.nextInt(32) == 0
                        ? mutator.noise()
                        : mutator.mutate(seed, seeds.get(random.nextInt(seeds.size())));
            }
            long before = memory.getCurrentThreadAllocatedBytes();
            for (byte[] input : inputs) {
                accepted += decode(kind, input) ? 1 : 0;
            }
            long each = (memory.getCurrentThreadAllocatedBytes() - before) / BATCH;
            assertThat(each).as("bytes allocated per input").isLessThan(MAX_BYTES_PER_INPUT);
            tried += BATCH;
        }
        System.out.printf("fuzz %s: %d inputs, %d accepted%n", kind, tried, accepted);
        assertThat(accepted)
                .as("inputs accepted, or the fuzzer never gets past the first check")
                .isPositive();
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
