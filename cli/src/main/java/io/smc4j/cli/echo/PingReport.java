package io.smc4j.cli.echo;

import io.smc4j.ConnectionInfo;
import io.smc4j.cli.command.HostPort;
import io.smc4j.cli.output.Carrier;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.output.Table;
import io.smc4j.cli.output.Table.Align;
import io.smc4j.cli.output.Units;
import org.HdrHistogram.Histogram;

/** What {@code ping} measured: round trips in nanoseconds. */
record PingReport(HostPort server, ConnectionInfo info, int size, Histogram nanos) {
    private static final double NANOS_PER_MICRO = 1000;

    String text() {
        Table table = new Table();
        for (String heading : new String[] {"min", "p50", "p90", "p99", "p99.9", "max", "mean"}) {
            table.column(heading, Align.RIGHT);
        }
        table.row(
                Units.micros(nanos.getMinValue() / NANOS_PER_MICRO),
                at(50),
                at(90),
                at(99),
                at(99.9),
                Units.micros(nanos.getMaxValue() / NANOS_PER_MICRO),
                Units.micros(nanos.getMean() / NANOS_PER_MICRO));
        return "%d round trips of %d bytes to %s over %s%s%n%nmicroseconds%n%s"
                .formatted(nanos.getTotalCount(), size, server, Carrier.text(info), Carrier.because(info), table);
    }

    Json json() {
        Json json = Json.object()
                .put("server", server.toString())
                .put("count", nanos.getTotalCount())
                .put("size", size)
                .put("minMicros", micros(nanos.getMinValue()))
                .put("p50Micros", micros(nanos.getValueAtPercentile(50)))
                .put("p90Micros", micros(nanos.getValueAtPercentile(90)))
                .put("p99Micros", micros(nanos.getValueAtPercentile(99)))
                .put("p999Micros", micros(nanos.getValueAtPercentile(99.9)))
                .put("maxMicros", micros(nanos.getMaxValue()))
                .put("meanMicros", micros(nanos.getMean()));
        return Carrier.describe(json, info);
    }

    private String at(double percentile) {
        return Units.micros(nanos.getValueAtPercentile(percentile) / NANOS_PER_MICRO);
    }

    private static double micros(double nanos) {
        return Units.round(nanos / NANOS_PER_MICRO, 3);
    }
}
