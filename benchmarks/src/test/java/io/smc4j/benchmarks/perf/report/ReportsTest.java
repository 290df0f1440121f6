package io.smc4j.benchmarks.perf.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.benchmarks.perf.result.Failure;
import io.smc4j.benchmarks.perf.result.Key;
import io.smc4j.benchmarks.perf.result.Metric;
import io.smc4j.benchmarks.perf.result.Report;
import io.smc4j.benchmarks.perf.result.Samples;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {
    /** Every peer with a figure for every case, and one peer that is missing in a case. */
    private static Report report() {
        Samples samples = new Samples();
        for (Case measured : Case.all()) {
            for (PeerName peer : PeerName.values()) {
                if (peer.takesPartIn(measured.kind())) {
                    for (Metric metric : Metric.values()) {
                        samples.add(
                                Key.of(peer, measured, metric),
                                (1 + peer.label().length())
                                        * (1 + metric.label().length())
                                        * measured.connections()
                                        / 7.0);
                    }
                }
            }
        }
        return new Report(
                Map.of("processor", "A | B", "command", "./smc4j perf"),
                samples.results(),
                List.of(new Failure("aeron", "bulk 64 KiB", 2, "it died")));
    }

    @Test
    void shouldFitTheTableOfTargetsAndTheFailuresOnATerminal() {
        String text = TextReport.of(report());
        assertThat(text)
                .contains("what must be reached", "aeron, bulk 64 KiB, round 2: it died", "256 KiB", "smc-d-streams");
        assertThat(text.lines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void shouldLeaveOutWhatWasNotMeasured() {
        Samples samples = new Samples();
        samples.add(Key.of(PeerName.TCP, new Case(Case.Kind.ROUND_TRIP, 64, 1), Metric.P50), 20);
        String text = TextReport.of(new Report(Map.of(), samples.results(), List.of()));
        assertThat(text).contains("tcp", "64 B", "not measured").doesNotContain("uds", "16 KiB", "Bulk, GB/s");
    }

    @Test
    void shouldMakeTablesWithAsManyCellsAsHeadings() {
        for (String markdown : List.of(MarkdownReport.brief(report()), MarkdownReport.full(report(), List.of("x")))) {
            int cells = 0;
            for (String line : markdown.lines().toList()) {
                int now = line.startsWith("|") ? line.replace("\\|", "").split("\\|", -1).length : 0;
                assertThat(cells == 0 || now == 0 || now == cells).as(line).isTrue();
                cells = now;
            }
        }
    }

    @Test
    void shouldWriteALinePerFigureWithoutExponents() {
        assertThat(Csv.of(report()).lines()).first().isEqualTo("peer,case,size,metric,unit,median,min,max,rounds");
        assertThat(Csv.of(report()).lines())
                .hasSize(report().results().size() + 1)
                .allMatch(line -> line.split(",", -1).length == 9);
        assertThat(Csv.of(report())).doesNotContainPattern("[0-9]E-?[0-9]");
    }

    @Test
    void shouldReplaceOnlyWhatIsBetweenTheMarkers() {
        String text = "before\n" + Marked.BEGIN + "\nold\n" + Marked.END + "\nafter\n";
        String replaced = Marked.replace(text, "new");
        assertThat(replaced).isEqualTo("before\n" + Marked.BEGIN + "\nnew\n" + Marked.END + "\nafter\n");
        assertThat(Marked.between(replaced)).isEqualTo("new");
        assertThat(Marked.replace(replaced, "new")).isEqualTo(replaced);
        assertThatIllegalArgumentException().isThrownBy(() -> Marked.replace("no markers", "new"));
    }

    @Test
    void shouldKeepAFolderThatCanBeReadAgain(@TempDir Path folder) throws Exception {
        Report report = report();
        ResultsFolder.write(folder, report);
        assertThat(ResultsFolder.read(folder.resolve("results.json"))).isEqualTo(report);
        assertThat(folder.resolve("README.md")).isNotEmptyFile();
        assertThat(folder.resolve("results.csv")).hasContent(Csv.of(report));
        for (String name : List.of("latency-percentiles", "throughput-by-size", "scaling-round-trips")) {
            assertThat(folder.resolve("plots/" + name + ".svg")).content().contains("<svg");
            BufferedImage image = Objects.requireNonNull(
                    ImageIO.read(folder.resolve("plots/" + name + ".png").toFile()));
            assertThat(image.getWidth()).isGreaterThan(800);
            assertThat(Files.readString(folder.resolve("README.md"))).contains("plots/" + name + ".png");
        }
    }
}
