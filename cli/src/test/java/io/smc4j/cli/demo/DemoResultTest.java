package io.smc4j.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.cli.output.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoResultTest {
    private static final String REASON =
            "0x03010000 PEERNOSMC: nobody announced itself as an SMC listener on that address";

    @Test
    void shouldHaveNoProblemWithRunsAsTheyShouldBe() {
        for (DemoRun run : DemoRun.values()) {
            assertThat(good(run).problems()).as(run.name()).isEmpty();
        }
    }

    @Test
    void shouldFailARunWithoutFailover() {
        assertThat(smcR(2, 0, "smc-r", 0, true).problems())
                .containsExactly("no failover happened although a port was taken down");
        assertThat(smcR(1, 1, "smc-r", 0, true).problems())
                .containsExactly("the link group had 1 link(s) instead of 2");
    }

    @Test
    void shouldFailARunThatLostBytesOrWentAnotherWay() {
        assertThat(smcR(2, 1, "smc-r", 10, false).problems())
                .containsExactly("10 bytes were lost", "the checksums differ");
        assertThat(smcR(2, 1, "tcp", 0, true).problems())
                .singleElement()
                .asString()
                .startsWith("the bytes went over tcp");
        assertThat(DemoResult.failed(DemoRun.SMC_D, 5, "why").problems()).containsExactly("why");
        assertThat(DemoResult.failed(DemoRun.SMC_D, 5, "why").bytesLost()).isEqualTo(5);
    }

    @Test
    void shouldWriteTheAgreedMembersOfJson() {
        Json json = Json.parse(good(DemoRun.FALLBACK).json().toString());
        assertThat(json.asMap().keySet())
                .containsExactly(
                        "transport",
                        "mbPerSecond",
                        "rttP50Micros",
                        "rttP99Micros",
                        "links",
                        "failovers",
                        "fallbackReason",
                        "bytesLost",
                        "sha256Match");
        assertThat(json.text("fallbackReason")).hasValue(REASON);
        assertThat(json.number("mbPerSecond")).hasValue(2000.0);
    }

    @Test
    void shouldFitTheTableInto80Columns() {
        List<DemoResult> results =
                Arrays.stream(DemoRun.values()).map(DemoResultTest::good).toList();
        List<String> lines = DemoTable.of(results).lines().toList();
        assertThat(lines).allMatch(line -> line.length() < 80);
        assertThat(lines).anyMatch(line -> line.startsWith("smc-d") && line.contains("same"));
        assertThat(String.join(" ", lines)).contains("PEERNOSMC");
    }

    private static DemoResult good(DemoRun run) {
        return switch (run) {
            case SMC_R -> smcR(2, 1, "smc-r", 0, true);
            case SMC_D -> result(run, "smc-d", 0, 0, Optional.empty(), 0, true);
            case FALLBACK -> result(run, "tcp", 0, 0, Optional.of(REASON), 0, true);
            case PLAIN -> result(run, "plain-tcp", 0, 0, Optional.empty(), 0, true);
        };
    }

    private static DemoResult smcR(int links, int failovers, String transport, long lost, boolean same) {
        return result(DemoRun.SMC_R, transport, links, failovers, Optional.empty(), lost, same);
    }

    private static DemoResult result(
            DemoRun run, String transport, int links, int failovers, Optional<String> reason, long lost, boolean same) {
        long bytes = 1_000_000_000L;
        return new DemoResult(
                run,
                transport,
                500_000_000L,
                500_000_000L,
                bytes,
                12.3,
                45.6,
                links,
                failovers,
                reason,
                bytes + lost,
                bytes,
                same,
                Optional.empty());
    }
}
