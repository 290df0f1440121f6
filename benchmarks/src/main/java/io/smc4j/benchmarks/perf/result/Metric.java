package io.smc4j.benchmarks.perf.result;

import java.util.Arrays;

/** What a figure is, and in which unit. */
public enum Metric {
    P50("p50", "us"),
    P90("p90", "us"),
    P99("p99", "us"),
    P99_9("p99.9", "us"),
    P99_99("p99.99", "us"),
    MAX("max", "us"),
    MEAN("mean", "us"),
    /** Round trips, messages, connections. */
    PER_SECOND("per-second", "1/s"),
    THROUGHPUT("throughput", "GB/s"),
    /** User and system time of both processes. */
    CPU_PER_GB("cpu-per-gb", "s/GB"),
    /** Bytes allocated on the Java heaps of both processes, by all threads, for each message or chunk. */
    ALLOCATION("allocation", "B"),
    /** Of one core, both processes. */
    CPU("cpu", "%"),
    /** The same two processes with no connection open: what their runtime costs by itself. */
    CPU_WITHOUT("cpu-without", "%"),
    /** Of both processes, for each connection. */
    MEMORY("memory", "KiB");

    private final String label;
    private final String unit;

    Metric(String label, String unit) {
        this.label = label;
        this.unit = unit;
    }

    public String label() {
        return label;
    }

    public String unit() {
        return unit;
    }

    /** The one of that label. @throws IllegalArgumentException if there is none */
    public static Metric of(String label) {
        return Arrays.stream(values())
                .filter(metric -> metric.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown metric '" + label + "'"));
    }

    /** Percentiles of times, and the longest. */
    public static Metric[] percentiles() {
        return new Metric[] {P50, P90, P99, P99_9, P99_99, MAX};
    }
}
