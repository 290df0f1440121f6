package io.smc4j.cli.demo;

import io.smc4j.cli.output.Table;
import io.smc4j.cli.output.Table.Align;
import io.smc4j.cli.output.Text;
import io.smc4j.cli.output.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The demo's result as text, 80 columns wide. */
final class DemoTable {
    private DemoTable() {}

    static String of(List<DemoResult> results) {
        Table table = new Table()
                .column("transport", Align.LEFT)
                .column("MB/s", Align.RIGHT)
                .column("RTT us\np50", Align.RIGHT)
                .column("RTT us\np99", Align.RIGHT)
                .column("links", Align.RIGHT)
                .column("fail-\novers", Align.RIGHT)
                .column("bytes\nlost", Align.RIGHT)
                .column("SHA-\n256", Align.LEFT)
                .column("vs TCP\nMB/s", Align.RIGHT)
                .column("vs TCP\nRTT", Align.RIGHT);
        Optional<DemoResult> plain = results.stream()
                .filter(result ->
                        result.run() == DemoRun.PLAIN && result.problems().isEmpty())
                .findAny();
        results.forEach(result -> row(table, result, plain));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("MB/s: median of the rounds; RTT: round trip of 64 bytes");
        lines.add("vs TCP: how many times as good as plain Java TCP");
        for (DemoResult result : results) {
            result.fallbackReason()
                    .ifPresent(reason -> lines.addAll(Text.wrap(name(result) + ", reason: ", reason, Text.COLUMNS)));
        }
        for (DemoResult result : results) {
            for (String problem : result.problems()) {
                lines.addAll(Text.wrap(name(result) + " FAILED: ", problem, Text.COLUMNS));
            }
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static void row(Table table, DemoResult result, Optional<DemoResult> plain) {
        if (result.error().isPresent()) {
            table.row(name(result), "-", "-", "-", "-", "-", "-", "none", "", "");
            return;
        }
        table.row(
                name(result),
                String.format(Locale.ROOT, "%.0f", result.megabytesPerSecond()),
                Units.micros(result.rttP50Micros()),
                Units.micros(result.rttP99Micros()),
                result.links() == 0 ? "-" : result.links(),
                result.links() == 0 ? "-" : result.failovers(),
                result.bytesLost(),
                result.sha256Match() ? "same" : "DIFFERENT",
                plain.map(base -> times(result.megabytesPerSecond(), base.megabytesPerSecond()))
                        .orElse(""),
                plain.map(base -> times(base.rttP50Micros(), result.rttP50Micros()))
                        .orElse(""));
    }

    private static String times(double better, double base) {
        return String.format(Locale.ROOT, "%.1fx", better / base);
    }

    private static String name(DemoResult result) {
        return switch (result.run()) {
            case SMC_R, SMC_D -> result.run().label();
            case FALLBACK -> "tcp, fallback";
            case PLAIN -> "plain TCP";
        };
    }
}
