package io.smc4j.benchmarks.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.benchmarks.perf.result.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people read is made of the figures that are checked in. {@code ./smc4j perf --help} says how to make it anew. */
class CheckedInResultsTest {
    private static final Path FOLDER = Path.of("results");

    private Report report = new Report(java.util.Map.of(), List.of(), List.of());

    @BeforeEach
    void read() throws Exception {
        report = ResultsFolder.read(FOLDER.resolve("results.json"));
    }

    @Test
    void shouldShowThemInTheProjectsReadme() throws Exception {
        assertThat(Marked.between(Files.readString(Path.of("../README.md"))))
                .as("run ./smc4j perf --from benchmarks/results/results.json --readme README.md")
                .isEqualTo(MarkdownReport.brief(report));
    }

    @Test
    void shouldShowThemInTheFolderBesideThem() throws Exception {
        String readme = Files.readString(FOLDER.resolve("README.md"));
        List<String> plots = readme.lines()
                .filter(line -> line.startsWith("!["))
                .map(line -> line.substring(2, line.indexOf(']')))
                .toList();
        assertThat(readme).isEqualTo(MarkdownReport.full(report, plots));
        assertThat(FOLDER.resolve("results.csv")).hasContent(Csv.of(report));
        for (String plot : plots) {
            assertThat(FOLDER.resolve("plots/" + plot + ".png")).exists();
            assertThat(FOLDER.resolve("plots/" + plot + ".svg")).exists();
        }
    }

    @Test
    void shouldBeOfARunInWhichNothingFailed() {
        assertThat(report.failures()).isEmpty();
    }
}
