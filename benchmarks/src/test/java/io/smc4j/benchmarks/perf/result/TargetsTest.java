package io.smc4j.benchmarks.perf.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private final List<Result> results = new ArrayList<>();

    private void figure(String peer, String caseName, int size, Metric metric, double value) {
        results.add(Result.of(new Key(peer, caseName, size, metric), List.of(value)));
    }

    private Ratio only(String caseName, String peer, String versus) {
        return Targets.judge(results).stream()
                .filter(ratio -> ratio.caseName().equals(caseName)
                        && ratio.peer().equals(peer)
                        && ratio.versus().equals(versus))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldDivideTheSlowerTimeByTheFasterSoThatFasterIsMore() {
        figure("smc-d", "round-trip", 64, Metric.P50, 0.5);
        figure("tcp", "round-trip", 64, Metric.P50, 22);
        figure("ring", "round-trip", 64, Metric.P50, 0.25);
        assertThat(only("round-trip", "smc-d", "tcp").ratio()).contains(44.0);
        assertThat(only("round-trip", "smc-d", "tcp").reached()).isTrue();
        assertThat(only("round-trip", "smc-d", "ring").ratio()).contains(2.0);
        assertThat(only("round-trip", "smc-d", "ring").verdict()).isEqualTo("missed");
    }

    @Test
    void shouldDivideOwnThroughputByTheOthers() {
        figure("smc-d", "bulk", 65536, Metric.THROUGHPUT, 10);
        figure("uds", "bulk", 65536, Metric.THROUGHPUT, 5);
        figure("tcp", "bulk", 65536, Metric.THROUGHPUT, 2.6);
        assertThat(only("bulk", "smc-d", "uds").reached())
                .as("exactly the target")
                .isTrue();
        assertThat(only("bulk", "smc-d", "tcp").measured()).isEqualTo("3.85×");
        assertThat(only("bulk", "smc-d", "tcp").reached()).isFalse();
    }

    @Test
    void shouldCompareWithALimitWhereThereIsNoOtherPeer() {
        figure("smc-d-tickless", "idle", 64, Metric.CPU, 1.0);
        figure("smc-d", "connect", 1, Metric.PER_SECOND, 2000);
        figure("smc-d", "round-trip", 64, Metric.ALLOCATION, 0.004);
        assertThat(only("idle", "smc-d-tickless", Ratio.LIMIT).reached())
                .as("below means below")
                .isFalse();
        assertThat(only("connect", "smc-d", Ratio.LIMIT).reached()).isTrue();
        assertThat(only("round-trip", "smc-d", Ratio.LIMIT).verdict()).isEqualTo("reached");
    }

    @Test
    void shouldSayWhatWasNotMeasuredRatherThanMissed() {
        figure("smc-d", "round-trip", 64, Metric.P50, 0.5);
        Ratio ratio = only("round-trip", "smc-d", "aeron");
        assertThat(ratio.ratio()).isEmpty();
        assertThat(ratio.verdict()).isEqualTo("not measured");
        assertThat(ratio.measured()).isEqualTo("-");
    }

    @Test
    void shouldHaveARowForEachPromise() {
        assertThat(Targets.judge(List.of()))
                .hasSize(16)
                .allMatch(ratio -> ratio.ratio().isEmpty());
    }
}
