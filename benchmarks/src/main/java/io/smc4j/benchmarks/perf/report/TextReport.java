package io.smc4j.benchmarks.perf.report;

import io.smc4j.benchmarks.perf.result.Ratio;
import io.smc4j.benchmarks.perf.result.Report;
import io.smc4j.cli.output.Table;
import io.smc4j.cli.output.Table.Align;
import java.util.ArrayList;
import java.util.List;

/** A report for a terminal. */
public final class TextReport {
    private TextReport() {}

    public static String of(Report report) {
        List<String> lines = new ArrayList<>();
        for (Grid grid : Grid.of(report)) {
            Table table = new Table().column("", Align.LEFT);
            grid.headings().forEach(heading -> table.column(heading, Align.RIGHT));
            for (Grid.Row row : grid.rows()) {
                List<Object> cells = new ArrayList<>(List.of(row.peer()));
                cells.addAll(row.cells());
                table.row(cells.toArray());
            }
            lines.add(grid.title());
            lines.addAll(table.lines());
            lines.add("");
        }
        lines.addAll(targets(report));
        report.caveat().ifPresent(caveat -> lines.addAll(List.of("", caveat)));
        report.warning().ifPresent(warning -> lines.addAll(List.of("", warning)));
        if (!report.failures().isEmpty()) {
            lines.add("");
            lines.add("Not measured:");
            report.failures().forEach(failure -> lines.add("  " + failure));
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static List<String> targets(Report report) {
        Table table = new Table()
                .column("what must be reached", Align.LEFT)
                .column("target", Align.RIGHT)
                .column("measured", Align.RIGHT)
                .column("", Align.LEFT);
        List<Ratio> measured = report.ratios().stream()
                .filter(ratio -> ratio.ratio().isPresent())
                .toList();
        measured.forEach(ratio -> table.row(ratio.what(), ratio.target(), ratio.measured(), ratio.verdict()));
        List<String> lines = measured.isEmpty() ? new ArrayList<>() : new ArrayList<>(table.lines());
        int others = report.ratios().size() - measured.size();
        if (others > 0) {
            lines.add(
                    others + (others == 1 ? " target is" : " targets are") + " not measured by these cases and peers");
        }
        return lines;
    }
}
