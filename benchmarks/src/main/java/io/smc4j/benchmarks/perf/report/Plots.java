package io.smc4j.benchmarks.perf.report;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.Case.Kind;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.benchmarks.perf.result.Key;
import io.smc4j.benchmarks.perf.result.Metric;
import io.smc4j.benchmarks.perf.result.Numbers;
import io.smc4j.benchmarks.perf.result.Report;
import io.smc4j.benchmarks.perf.result.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.ChartEncoder;

/** Draws figures as PNG and SVG. A plot of fewer than two points on its x axis would say nothing and is not made. */
public final class Plots {
    private Plots() {}

    /** A point on the x axis. */
    private record Point(String label, Case measured, Metric metric) {}

    /** @param logarithmic whether the y axis is */
    private record Plot(
            String name, String title, String xTitle, String yTitle, boolean logarithmic, List<Point> points) {}

    /** Writes all plots there are figures for. @return their names, without the extension */
    public static List<String> write(Path folder, Report report) throws IOException {
        Files.createDirectories(folder);
        List<String> names = new ArrayList<>();
        for (Plot plot : all()) {
            Optional<CategoryChart> chart = chart(report, plot);
            if (chart.isPresent()) {
                save(chart.get(), folder.resolve(plot.name() + ".png"), "png");
                save(chart.get(), folder.resolve(plot.name() + ".svg"), "svg");
                names.add(plot.name());
            }
        }
        return names;
    }

    private static void save(CategoryChart chart, Path file, String format) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            ChartEncoder.saveChart(chart, out, format);
        }
    }

    private static List<Plot> all() {
        return List.of(
                new Plot(
                        "latency-percentiles",
                        "Round trip of 64 bytes, one after the other",
                        "percentile",
                        "microseconds",
                        true,
                        percentiles(new Case(Kind.ROUND_TRIP, 64, 1))),
                new Plot(
                        "latency-percentiles-paced",
                        "Round trip of 64 bytes, 10,000 a second, from the intended time",
                        "percentile",
                        "microseconds",
                        true,
                        percentiles(new Case(Kind.PACED, 64, 1))),
                new Plot(
                        "latency-by-size",
                        "Round trip by size of the message",
                        "bytes each way",
                        "microseconds (p50)",
                        true,
                        points(Kind.ROUND_TRIP, Metric.P50)),
                new Plot(
                        "throughput-by-size",
                        "Bulk throughput by size of the writes",
                        "bytes per write",
                        "GB/s",
                        false,
                        points(Kind.BULK, Metric.THROUGHPUT)),
                new Plot(
                        "cpu-by-size",
                        "Processor time of both processes by size of the writes",
                        "bytes per write",
                        "seconds per GB",
                        true,
                        points(Kind.BULK, Metric.CPU_PER_GB)),
                new Plot(
                        "scaling-round-trips",
                        "Round trips of 64 bytes by busy connections",
                        "connections",
                        "round trips per second, all together",
                        true,
                        points(Kind.SCALING, Metric.PER_SECOND)),
                new Plot(
                        "scaling-throughput",
                        "Bulk throughput (64 KiB writes) by busy connections",
                        "connections",
                        "GB/s, all together",
                        false,
                        points(Kind.SCALING_BULK, Metric.THROUGHPUT)));
    }

    private static List<Point> percentiles(Case measured) {
        return Arrays.stream(Metric.percentiles())
                .map(metric -> new Point(metric.label(), measured, metric))
                .toList();
    }

    private static List<Point> points(Kind kind, Metric metric) {
        boolean byConnections = kind == Kind.SCALING || kind == Kind.SCALING_BULK;
        return Case.all().stream()
                .filter(measured -> measured.kind() == kind)
                .map(measured -> new Point(
                        byConnections ? Integer.toString(measured.connections()) : Case.size(measured.size()),
                        measured,
                        metric))
                .toList();
    }

    private static Optional<CategoryChart> chart(Report report, Plot plot) {
        Predicate<Point> measured = point -> Arrays.stream(PeerName.values())
                .anyMatch(peer -> figure(report, peer, point).isPresent());
        List<Point> points = plot.points().stream().filter(measured).toList();
        if (points.size() < 2) {
            return Optional.empty();
        }
        CategoryChart chart = Look.chart(plot.title(), plot.xTitle(), plot.yTitle(), plot.logarithmic());
        List<String> labels = points.stream().map(Point::label).toList();
        for (PeerName peer : PeerName.values()) {
            List<@Nullable Double> values = new ArrayList<>();
            for (Point point : points) {
                values.add(figure(report, peer, point)
                        .map(Result::median)
                        .filter(value -> value > 0)
                        .orElse(null));
            }
            if (values.stream().anyMatch(value -> value != null)) {
                Look.add(chart, peer, labels, values);
            }
        }
        return Optional.of(chart);
    }

    private static Optional<Result> figure(Report report, PeerName peer, Point point) {
        return report.find(Key.of(peer, point.measured(), point.metric()));
    }

    /** Axis labels without exponents; of the lines between two powers of ten only those at 2 and 5 have room for one. */
    static String tick(double value) {
        double leading = value <= 0 ? 1 : value / Math.pow(10, Math.floor(Math.log10(value) + 1e-9));
        boolean labelled = Math.abs(leading - 1) < 1e-6 || Math.abs(leading - 2) < 1e-6 || Math.abs(leading - 5) < 1e-6;
        return labelled ? Numbers.significant(value) : "";
    }
}
