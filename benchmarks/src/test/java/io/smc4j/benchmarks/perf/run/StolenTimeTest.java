package io.smc4j.benchmarks.perf.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StolenTimeTest {
    @Test
    void shouldTellWhatPartOfTheBusyTimeTheHostGaveToOthers() {
        StolenTime before = StolenTime.of("cpu  100 0 50 9000 7 0 10 40 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n");
        assertThat(before.share(StolenTime.of("cpu  160 0 60 9900 9 5 15 60 0 0\n")))
                .isEqualTo("20.0 % of the busy time");
    }

    @Test
    void shouldNotKnowWhereTheKernelDoesNotTell() {
        StolenTime unknown = StolenTime.of("");
        assertThat(unknown.share(StolenTime.of("cpu  1 0 1 1 1 1 1 1 0 0"))).isEqualTo("unknown");
        assertThat(unknown.share(unknown)).isEqualTo("unknown");
    }
}
