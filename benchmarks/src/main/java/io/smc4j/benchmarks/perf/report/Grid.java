package io.smc4j.benchmarks.perf.report;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.Case.Kind;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.benchmarks.perf.result.Key;
import io.smc4j.benchmarks.perf.result.Metric;
import io.smc4j.benchmarks.perf.result.Numbers;
import io.smc4j.benchmarks.perf.result.Report;
import io.smc4j.benchmarks.perf.result.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Figures as a table: a row for each peer, a column for each case. Whatever was not measured is left out, as a column or a row, or is a dash.
 *
 * @param title what the figures are, with their unit
 * @param headings of the columns, without the first
 * @param rows peer and figures
 */
record Grid(String title, List<String> headings, List<Row> rows) {
    /** @param cells as many as there are headings */
    record Row(String peer, List<String> cells) {}

    /** A column: which figure, under which heading. */
    private record Column(String heading, Case measured, Metric metric) {}

    /** All tables that have something in them. */
    static List<Grid> of(Report report) {
        return List.of(
                        grid(report, "Round trip, microseconds (p50)", bySize(Kind.ROUND_TRIP, Metric.P50)),
                        grid(
                                report,
                                "Round trip of 64 bytes, microseconds",
                                percentiles(new Case(Kind.ROUND_TRIP, 64, 1))),
                        grid(
                                report,
                                "Round trip of 64 bytes at " + String.format("%,d", Case.PACE)
                                        + " a second, microseconds from the time it was meant to be sent",
                                percentiles(new Case(Kind.PACED, 64, 1))),
                        grid(report, "Bulk, GB/s by size of the writes", bySize(Kind.BULK, Metric.THROUGHPUT)),
                        grid(
                                report,
                                "Busy connections: GB/s together, 64 KiB writes",
                                byConnections(Kind.SCALING_BULK, Metric.THROUGHPUT)),
                        grid(
                                report,
                                "Busy connections: round trips a second together, 64 bytes",
                                byConnections(Kind.SCALING, Metric.PER_SECOND)),
                        grid(report, "Costs", costs()))
                .stream()
                .filter(grid -> !grid.rows().isEmpty())
                .toList();
    }

    private static List<Column> bySize(Kind kind, Metric metric) {
        return Case.all().stream()
                .filter(measured -> measured.kind() == kind)
                .map(measured -> new Column(Case.size(measured.size()), measured, metric))
                .toList();
    }

    private static List<Column> byConnections(Kind kind, Metric metric) {
        return Case.all().stream()
                .filter(measured -> measured.kind() == kind)
                .map(measured -> new Column(Integer.toString(measured.connections()), measured, metric))
                .toList();
    }

    private static List<Column> percentiles(Case measured) {
        return Arrays.stream(Metric.percentiles())
                .map(metric -> new Column(metric.label(), measured, metric))
                .toList();
    }

    private static List<Column> costs() {
        Case idle = new Case(Kind.IDLE, 64, 1000);
        Case connect = new Case(Kind.CONNECT, 1, 1);
        return List.of(
                new Column("messages/s", new Case(Kind.MESSAGES, 64, 1), Metric.PER_SECOND),
                new Column("allocated\nB/message", new Case(Kind.ROUND_TRIP, 64, 1), Metric.ALLOCATION),
                new Column("CPU s/GB\n64 KiB", new Case(Kind.BULK, 64 * 1024, 1), Metric.CPU_PER_GB),
                new Column("connect\nus", connect, Metric.P50),
                new Column("connects\n/s", connect, Metric.PER_SECOND),
                new Column("1000 idle\nCPU %", idle, Metric.CPU),
                new Column("KiB per\nconnection", idle, Metric.MEMORY),
                new Column("round trip\nof 1000, us", idle, Metric.P50));
    }

    private static Grid grid(Report report, String title, List<Column> columns) {
        List<Column> used = columns.stream()
                .filter(column -> Arrays.stream(PeerName.values())
                        .anyMatch(peer -> figure(report, peer, column).isPresent()))
                .toList();
        List<Row> rows = new ArrayList<>();
        for (PeerName peer : PeerName.values()) {
            List<Optional<Result>> figures =
                    used.stream().map(column -> figure(report, peer, column)).toList();
            if (figures.stream().anyMatch(Optional::isPresent)) {
                rows.add(new Row(
                        peer.label(),
                        figures.stream()
                                .map(result -> result.map(Result::median)
                                        .map(Numbers::significant)
                                        .orElse("-"))
                                .toList()));
            }
        }
        return new Grid(title, used.stream().map(Column::heading).toList(), rows);
    }

    private static Optional<Result> figure(Report report, PeerName peer, Column column) {
        return report.find(Key.of(peer, column.measured(), column.metric()));
    }
}
