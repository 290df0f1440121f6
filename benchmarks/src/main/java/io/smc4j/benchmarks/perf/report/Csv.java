package io.smc4j.benchmarks.perf.report;

import io.smc4j.benchmarks.perf.result.Report;
import io.smc4j.benchmarks.perf.result.Result;
import java.math.BigDecimal;
import java.util.stream.Collectors;

/** The figures as comma-separated values with a heading; no value contains a comma. */
public final class Csv {
    private static final String HEADING = "peer,case,size,metric,unit,median,min,max,rounds\n";

    private Csv() {}

    public static String of(Report report) {
        return report.results().stream().map(Csv::line).collect(Collectors.joining("", HEADING, ""));
    }

    private static String line(Result result) {
        return String.join(
                        ",",
                        result.key().peer(),
                        result.key().caseName(),
                        Integer.toString(result.key().size()),
                        result.key().metric().label(),
                        result.key().metric().unit(),
                        number(result.median()),
                        number(result.min()),
                        number(result.max()),
                        Integer.toString(result.rounds()))
                + "\n";
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
