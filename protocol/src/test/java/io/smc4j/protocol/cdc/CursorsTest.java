package io.smc4j.protocol.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smc4j.protocol.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CursorsTest {
    private static final int SIZE = 1000;

    @ParameterizedTest
    @CsvSource({
        // from wrap, count, by, to wrap, count
        "0, 0, 0, 0, 0",
        "0, 0, 999, 0, 999",
        "0, 0, 1000, 1, 0",
        "0, 600, 399, 0, 999",
        "0, 600, 400, 1, 0",
        "7, 600, 500, 8, 100",
        "65535, 999, 1, 0, 0",
        "65535, 999, 1000, 0, 999"
    })
    void shouldAdvanceRoundTheRing(int wrap, int count, int by, int newWrap, int newCount) {
        long advanced = Cursors.advance(Cursors.pack(wrap, count), by, SIZE);
        assertThat(Cursor.ofPacked(advanced)).isEqualTo(new Cursor(newWrap, newCount));
        assertThat(Cursors.distance(Cursors.pack(wrap, count), advanced, SIZE)).isEqualTo(by);
        assertThat(Cursors.distanceCapped(Cursors.pack(wrap, count), advanced, SIZE))
                .isEqualTo(by);
    }

    @Test
    void shouldAgreeWithPositionsThatNeverWrap() {
        SplittableRandom random = Seeds.random("cursor model");
        for (int size : new int[] {16384, 16384 - 32, 1 << 29}) {
            long produced = 0;
            long consumed = 0;
            long producer = 0;
            long consumer = 0;
            for (int i = 0; i < 200_000; i++) {
                int by = (int) random.nextLong(size - (produced - consumed) + 1);
                produced += by;
                producer = Cursors.advance(producer, by, size);
                by = (int) random.nextLong(produced - consumed + 1);
                assertThat(Cursors.distance(consumer, producer, size)).isEqualTo((int) (produced - consumed));
                consumed += by;
                consumer = Cursors.advance(consumer, by, size);
                assertThat(Cursors.count(producer)).isEqualTo((int) (produced % size));
                assertThat(Cursors.wrap(producer)).isEqualTo((int) (produced / size & 0xFFFF));
            }
        }
    }

    @Test
    void shouldCallDistancesBackwardsNothing() {
        assertThat(Cursors.distance(Cursors.pack(0, 10), Cursors.pack(0, 9), SIZE))
                .isZero();
        assertThat(Cursors.distance(Cursors.pack(0, 10), Cursors.pack(0, 10), SIZE))
                .isZero();
        assertThat(Cursors.distanceCapped(Cursors.pack(3, 10), Cursors.pack(3, 9), SIZE))
                .isZero();
    }

    @Test
    void shouldCapDistancesOfManyRoundsAtAFullRing() {
        assertThat(Cursors.distanceCapped(Cursors.pack(0, 10), Cursors.pack(2, 9), SIZE))
                .isEqualTo(SIZE);
        assertThat(Cursors.distanceCapped(Cursors.pack(0, 10), Cursors.pack(1, 9), SIZE))
                .isEqualTo(999);
        assertThat(Cursors.distanceCapped(Cursors.pack(0, 10), Cursors.pack(1, 11), SIZE))
                .isEqualTo(SIZE);
        assertThat(Cursors.distanceCapped(Cursors.pack(0xFFFF, 10), Cursors.pack(0, 9), SIZE))
                .isEqualTo(999);
    }

    @ParameterizedTest
    @CsvSource({
        // in force wrap, count; received wrap, count; taken
        "0, 0, 0, 0, true",
        "0, 5, 0, 6, true",
        "0, 6, 0, 5, false",
        "1, 0, 0, 999, true",
        "2, 0, 1, 999, false",
        "65535, 10, 0, 5, true",
        "65535, 10, 65534, 20, false",
        "1, 500, 2, 0, true",
        "1, 500, 1, 500, true",
        "0, 5, 0, 5, true"
    })
    void shouldTakeCursorsFromTheNetworkOnlyForwards(int wrap, int count, int newWrap, int newCount, boolean taken) {
        assertThat(Cursors.accepts(Cursors.pack(wrap, count), Cursors.pack(newWrap, newCount)))
                .isEqualTo(taken);
    }

    @Test
    void shouldCheckCountsAgainstTheRing() {
        assertThat(Cursors.isValid(Cursors.pack(9, 999), SIZE)).isTrue();
        assertThat(Cursors.isValid(Cursors.pack(0, 1000), SIZE)).isFalse();
        assertThat(Cursors.isValid(Cursors.pack(0, 0x8000_0000), SIZE)).isFalse();
        assertThat(Cursors.isValid(Cursors.pack(0, -1), SIZE)).isFalse();
    }

    @Test
    void shouldKeepOnlySixteenBitsOfWrap() {
        assertThat(Cursors.pack(0x1_0002, 5)).isEqualTo(0x0002_0000_0005L);
        assertThat(Cursors.pack(-1, -1)).isEqualTo(0xFFFF_FFFF_FFFFL);
    }

    @Test
    void shouldRefuseRecordsThatNoRingHas() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cursor(65536, 0))
                .withMessageContaining("wrap");
        assertThatIllegalArgumentException().isThrownBy(() -> new Cursor(-1, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cursor(0, 1 << 29))
                .withMessageContaining("count");
        assertThatIllegalArgumentException().isThrownBy(() -> new Cursor(0, -1));
        assertThat(new Cursor(65535, (1 << 29) - 1)).hasToString("(65535,536870911)");
        assertThat(Cursor.START.packed()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, false",
        "2, 1, false",
        "1, 2, true",
        "0, 65535, false",
        "65535, 0, true",
        "32767, 0, false",
        "32768, 0, true"
    })
    void shouldCompareSequenceNumbersRoundTheCircle(int sequence, int than, boolean older) {
        assertThat(SequenceNumbers.isOlder(sequence, than)).isEqualTo(older);
    }

    @Test
    void shouldCountSequenceNumbersRoundTheCircle() {
        assertThat(SequenceNumbers.next(1)).isEqualTo(2);
        assertThat(SequenceNumbers.next(0xFFFF)).isZero();
        assertThat(SequenceNumbers.previous(0)).isEqualTo(0xFFFF);
        assertThat(SequenceNumbers.previous(2)).isEqualTo(1);
    }
}
