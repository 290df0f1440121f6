package io.smc4j.benchmarks.perf.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smc4j.cli.output.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Report REPORT = new Report(
            Map.of("cores", "2"),
            List.of(
                    Result.of(new Key("smc-d", "round-trip", 64, Metric.P50), List.of(0.5, 0.4, 0.7)),
                    Result.of(new Key("tcp", "round-trip", 64, Metric.P50), List.of(20.0))),
            List.of(new Failure("aeron", "round-trip 64 B", 1, "it \"died\"")));

    @Test
    void shouldBeOneJsonObjectWithResultsAndRatios() {
        Map<String, ?> json = Json.parse(REPORT.toJson().toString()).asMap();
        assertThat(json).containsOnlyKeys("about", "results", "ratios", "failures");
        assertThat((List<?>) json.get("results"))
                .first()
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("peer", "smc-d")
                .containsEntry("case", "round-trip")
                .containsEntry("size", 64)
                .containsEntry("metric", "p50")
                .containsEntry("median", 0.5)
                .containsEntry("min", 0.4)
                .containsEntry("max", 0.7);
        assertThat((List<?>) json.get("ratios"))
                .filteredOn(ratio -> ratio instanceof Map<?, ?> map
                        && "tcp".equals(map.get("versus"))
                        && "round-trip".equals(map.get("case"))
                        && "smc-d".equals(map.get("peer")))
                .singleElement()
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("ratio", 40.0)
                .containsEntry("reached", true);
    }

    @Test
    void shouldReadWhatItWrote() {
        assertThat(Report.fromJson(Json.parse(REPORT.toJson().toString()))).isEqualTo(REPORT);
    }

    @Test
    void shouldWarnOfFiguresFromABusyMachine() {
        assertThat(new Report(Map.of(Report.LOAD, "0.31 4.00 9.00"), List.of(), List.of()).warning())
                .isEmpty();
        assertThat(new Report(Map.of(Report.LOAD, "unknown"), List.of(), List.of()).warning())
                .isEmpty();
        assertThat(new Report(Map.of(Report.LOAD, "3.5 0 0"), List.of(), List.of()).warning())
                .hasValueSatisfying(warning -> assertThat(warning).contains("3.5"));
    }

    @Test
    void shouldSayWhatARunWasTooShortFor() {
        assertThat(REPORT.caveat()).isEmpty();
        assertThat(new Report(Map.of(Report.BRIEF, "much is slower"), List.of(), List.of()).caveat())
                .hasValue("Warmed up briefly: much is slower.");
    }

    @Test
    void shouldSayWhatIsMissing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Report.fromJson(Json.object()))
                .withMessageContaining("results");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Report.fromJson(Json.parse("{\"results\":[{\"peer\":\"x\"}],\"failures\":[]}")))
                .withMessageContaining("case");
    }
}
