package io.smc4j.benchmarks.perf.result;

import io.smc4j.cli.output.Json;
import java.util.List;

/**
 * A figure over all rounds: the median, and the spread from the lowest to the highest.
 *
 * @param rounds how many rounds there are figures of
 */
public record Result(Key key, double median, double min, double max, int rounds) {
    /** Median and spread of these samples. @throws IllegalArgumentException if there are none */
    public static Result of(Key key, List<Double> samples) {
        List<Double> sorted = samples.stream().sorted().toList();
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("no samples of " + key);
        }
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Result(key, rounded(median), rounded(sorted.getFirst()), rounded(sorted.getLast()), sorted.size());
    }

    public Json toJson() {
        return Json.object()
                .put("peer", key.peer())
                .put("case", key.caseName())
                .put("size", key.size())
                .put("metric", key.metric().label())
                .put("unit", key.metric().unit())
                .put("median", median)
                .put("min", min)
                .put("max", max)
                .put("rounds", rounds);
    }

    static Result fromJson(Json json) {
        Key key = new Key(
                Fields.text(json, "peer"),
                Fields.text(json, "case"),
                (int) Fields.number(json, "size"),
                Metric.of(Fields.text(json, "metric")));
        return new Result(
                key, Fields.number(json, "median"), Fields.number(json, "min"), Fields.number(json, "max"), (int)
                        Fields.number(json, "rounds"));
    }

    /** To four significant digits: more would claim a precision that no run has. */
    public static double rounded(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return value;
        }
        return new java.math.BigDecimal(value)
                .round(new java.math.MathContext(4))
                .doubleValue();
    }
}
