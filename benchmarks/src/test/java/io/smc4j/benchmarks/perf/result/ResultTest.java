package io.smc4j.benchmarks.perf.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {
    private static final Key KEY = new Key("smc-d", "round-trip", 64, Metric.P50);

    @Test
    void shouldTakeTheMiddleOfAnOddNumberAndTheMeanOfTheMiddleTwoOfAnEvenOne() {
        assertThat(Result.of(KEY, List.of(9.0, 1.0, 3.0))).isEqualTo(new Result(KEY, 3, 1, 9, 3));
        assertThat(Result.of(KEY, List.of(8.0, 1.0, 3.0, 4.0))).isEqualTo(new Result(KEY, 3.5, 1, 8, 4));
        assertThat(Result.of(KEY, List.of(2.0))).isEqualTo(new Result(KEY, 2, 2, 2, 1));
    }

    @Test
    void shouldKeepFourSignificantDigits() {
        assertThat(Result.rounded(0.000123456)).isEqualTo(0.0001235);
        assertThat(Result.rounded(1_234_567)).isEqualTo(1_235_000);
        assertThat(Result.rounded(0)).isZero();
        assertThat(Result.rounded(-2.00001)).isEqualTo(-2);
    }

    @Test
    void shouldRefuseNoSamples() {
        assertThatIllegalArgumentException().isThrownBy(() -> Result.of(KEY, List.of()));
    }

    @Test
    void shouldKeepSamplesOfOneKeyTogetherInTheOrderOfTheirFirst() {
        Key other = new Key("tcp", "round-trip", 64, Metric.P50);
        Samples samples = new Samples();
        samples.add(KEY, 1);
        samples.add(other, 20);
        samples.add(KEY, 3);
        assertThat(samples.results()).containsExactly(new Result(KEY, 2, 1, 3, 2), new Result(other, 20, 20, 20, 1));
    }

    @Test
    void shouldWriteNumbersForPeople() {
        assertThat(Numbers.significant(1_234_567)).isEqualTo("1,230,000");
        assertThat(Numbers.significant(999.4)).isEqualTo("999");
        assertThat(Numbers.significant(12.345)).isEqualTo("12.3");
        assertThat(Numbers.significant(0.25049)).isEqualTo("0.25");
        assertThat(Numbers.significant(0.00042)).isEqualTo("0");
        assertThat(Numbers.significant(0)).isEqualTo("0");
        assertThat(Numbers.plain(2000)).isEqualTo("2,000");
        assertThat(Numbers.plain(0.85)).isEqualTo("0.85");
    }
}
