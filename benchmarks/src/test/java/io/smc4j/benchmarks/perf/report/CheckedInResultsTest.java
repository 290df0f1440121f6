package io.smc4j.benchmarks.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.benchmarks.perf.result.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read is made of the figures that are checked in. {@code ./smc4j perf --help} says how to make it anew. */
class CheckedInResultsTest {
    /** The run the project's README shows. */
    private static final String SHOWN = "results/quick";

    @Test
    void shouldShowThemInTheProjectsReadme() throws Exception {
        assertThat(Marked.between(Files.readString(Path.of("../README.md"))))
                .as("run ./smc4j perf --from benchmarks/" + SHOWN + "/results.json --readme README.md")
                .isEqualTo(MarkdownReport.brief(read(SHOWN)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", SHOWN})
    void shouldShowThemInTheFolderBesideThem(String name) throws Exception {
        Path folder = Path.of(name);
        Report report = read(name);
        String readme = Files.readString(folder.resolve("README.md"));
        List<String> plots = readme.lines()
                .filter(line -> line.startsWith("!["))
                .map(line -> line.substring(2, line.indexOf(']')))
                .toList();
        assertThat(readme).isEqualTo(MarkdownReport.full(report, plots));
        assertThat(folder.resolve("results.csv")).hasContent(Csv.of(report));
        for (String plot : plots) {
            assertThat(folder.resolve("plots/" + plot + ".png")).exists();
            assertThat(folder.resolve("plots/" + plot + ".svg")).exists();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", SHOWN})
    void shouldBeOfARunInWhichNothingFailed(String name) throws Exception {
        assertThat(read(name).failures()).isEmpty();
    }

    private static Report read(String name) throws Exception {
        return ResultsFolder.read(Path.of(name).resolve("results.json"));
    }
}
