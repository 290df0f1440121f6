package io.smc4j.benchmarks.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BareRingTest {
    private static final long CAPACITY = 64;

    private final MemorySegment memory = Arena.ofAuto().allocate(BareRing.bytes(CAPACITY), 128);
    private final BareRing producer = new BareRing(memory, CAPACITY);
    private final BareRing consumer = new BareRing(memory, CAPACITY);

    @Test
    void shouldDeliverEveryByteInOrderAcrossTheEndOfTheRing() {
        long seed = Long.getLong("smc4j.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        MemorySegment buffer = Arena.ofAuto().allocate(100);
        byte next = 0;
        byte expected = 0;
        for (int i = 0; i < 10_000; i++) {
            int length = random.nextInt(1, 90);
            for (int j = 0; j < length; j++) {
                buffer.set(ValueLayout.JAVA_BYTE, j, (byte) (next + j));
            }
            next += (byte) producer.tryWrite(buffer, 0, length);
            long read = consumer.tryRead(buffer, 3, random.nextInt(1, 90));
            for (int j = 0; j < read; j++) {
                assertThat(buffer.get(ValueLayout.JAVA_BYTE, 3 + j))
                        .as("-Dsmc4j.seed=%d", seed)
                        .isEqualTo(expected++);
            }
        }
    }

    @Test
    void shouldTakeNoMoreThanFitsAndGiveNoMoreThanIsThere() {
        MemorySegment buffer = Arena.ofAuto().allocate(100);
        assertThat(consumer.tryRead(buffer, 0, 10)).isZero();
        assertThat(producer.tryWrite(buffer, 0, 100)).isEqualTo(CAPACITY);
        assertThat(producer.tryWrite(buffer, 0, 1)).isZero();
        assertThat(consumer.tryRead(buffer, 0, 100)).isEqualTo(CAPACITY);
        assertThat(producer.tryWrite(buffer, 0, 1)).isEqualTo(1);
    }

    @Test
    void shouldShowTheOtherEndThatItWasClosed() {
        assertThat(consumer.isClosed()).isFalse();
        producer.close();
        assertThat(consumer.isClosed()).isTrue();
    }

    @Test
    void shouldRefuseARingThatIsNoPowerOfTwoOrDoesNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BareRing(memory, 48));
        assertThatIllegalArgumentException().isThrownBy(() -> new BareRing(memory, 128));
    }
}
