package io.smc4j.benchmarks.perf.report;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.Case.Kind;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.benchmarks.perf.result.Key;
import io.smc4j.benchmarks.perf.result.Metric;
import io.smc4j.benchmarks.perf.result.Numbers;
import io.smc4j.benchmarks.perf.result.Ratio;
import io.smc4j.benchmarks.perf.result.Report;
import io.smc4j.benchmarks.perf.result.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A report in Markdown: the short one for the project's README, the long one for the folder of results. */
public final class MarkdownReport {
    private static final List<PeerName> IN_SHORT = List.of(
            PeerName.RING,
            PeerName.SMC_D,
            PeerName.SMC_D_IN_PLACE,
            PeerName.SMC_R,
            PeerName.AERON,
            PeerName.UDS,
            PeerName.TCP,
            PeerName.NETTY_EPOLL,
            PeerName.SMC_D_STREAMS,
            PeerName.PEKKO_TCP);

    private MarkdownReport() {}

    /** A few peers, a few columns, and the targets. */
    public static String brief(Report report) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "| peer | 64 B round trip, µs p50 | p99 | bulk, GB/s (64 KiB writes) | CPU s per GB | allocated, B per message |");
        lines.add("| --- | ---: | ---: | ---: | ---: | ---: |");
        Case roundTrip = new Case(Kind.ROUND_TRIP, 64, 1);
        Case bulk = new Case(Kind.BULK, 64 * 1024, 1);
        for (PeerName peer : IN_SHORT) {
            List<String> cells = List.of(
                    cell(report, peer, roundTrip, Metric.P50),
                    cell(report, peer, roundTrip, Metric.P99),
                    cell(report, peer, bulk, Metric.THROUGHPUT),
                    cell(report, peer, bulk, Metric.CPU_PER_GB),
                    cell(report, peer, roundTrip, Metric.ALLOCATION));
            if (!cells.stream().allMatch("-"::equals)) {
                lines.add("| " + peer.label() + " | " + String.join(" | ", cells) + " |");
            }
        }
        lines.add("");
        lines.addAll(targets(report));
        lines.add("");
        lines.add(circumstances(report));
        report.warning().ifPresent(warning -> lines.addAll(List.of("", "**" + warning + "**")));
        return String.join("\n", lines);
    }

    /** Everything, with circumstances, spread and plots. */
    static String full(Report report, List<String> plots) {
        List<String> lines = new ArrayList<>();
        lines.add("# Results");
        lines.add("");
        lines.add("Made by `" + report.about().getOrDefault("command", "smc4j perf")
                + "`; do not edit. What the figures mean and how to"
                + " repeat them: [docs/performance.md](../../docs/performance.md). All figures with their spread: [results.json](results.json),"
                + " [results.csv](results.csv).");
        lines.add("");
        lines.add("| | |");
        lines.add("| --- | --- |");
        report.about().forEach((name, value) -> lines.add("| " + name + " | " + escaped(value) + " |"));
        lines.add("");
        report.warning().ifPresent(warning -> lines.addAll(List.of("**" + warning + "**", "")));
        lines.add("## Targets");
        lines.add("");
        lines.addAll(targets(report));
        for (Grid grid : Grid.of(report)) {
            lines.add("");
            lines.add("## " + grid.title());
            lines.add("");
            lines.add("| | " + String.join(" | ", grid.headings()).replace("\n", " ") + " |");
            lines.add("| --- |" + " ---: |".repeat(grid.headings().size()));
            grid.rows().forEach(row -> lines.add("| " + row.peer() + " | " + String.join(" | ", row.cells()) + " |"));
        }
        lines.add("");
        lines.add("## Peers");
        lines.add("");
        for (PeerName peer : PeerName.values()) {
            if (report.results().stream().anyMatch(result -> result.key().peer().equals(peer.label()))) {
                lines.add("- `" + peer.label() + "`: " + peer.title());
            }
        }
        if (!report.failures().isEmpty()) {
            lines.add("");
            lines.add("## Not measured");
            lines.add("");
            report.failures().forEach(failure -> lines.add("- " + escaped(failure.toString())));
        }
        if (!plots.isEmpty()) {
            lines.add("");
            lines.add("## Plots");
            plots.forEach(plot -> {
                lines.add("");
                lines.add("![" + plot + "](plots/" + plot + ".png)");
            });
        }
        return String.join("\n", lines) + "\n";
    }

    private static List<String> targets(Report report) {
        List<String> lines = new ArrayList<>(
                List.of("| what must be reached | target | measured | |", "| --- | ---: | ---: | --- |"));
        for (Ratio ratio : report.ratios()) {
            lines.add("| " + ratio.what() + " | " + ratio.target() + " | " + ratio.measured() + " | " + ratio.verdict()
                    + " |");
        }
        return lines;
    }

    private static String circumstances(Report report) {
        return String.format(
                Locale.ROOT,
                "Medians of %s rounds on %s, %s cores, %s, Java %s, %s.",
                report.about().getOrDefault("rounds", "?"),
                report.about().getOrDefault("processor", "an unknown processor"),
                report.about().getOrDefault("cores", "?"),
                report.about().getOrDefault("system", "?"),
                report.about().getOrDefault("java", "?"),
                report.about().getOrDefault("date", "?"));
    }

    private static String cell(Report report, PeerName peer, Case measured, Metric metric) {
        Optional<Result> figure = report.find(Key.of(peer, measured, metric));
        return figure.map(Result::median).map(Numbers::significant).orElse("-");
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
