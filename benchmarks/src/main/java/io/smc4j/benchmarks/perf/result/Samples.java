package io.smc4j.benchmarks.perf.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured so far, round by round. Not thread-safe. */
public final class Samples {
    private final Map<Key, List<Double>> values = new LinkedHashMap<>();

    public void add(Key key, double value) {
        values.computeIfAbsent(key, absent -> new ArrayList<>()).add(value);
    }

    /** Medians and spread, in the order in which the first sample of each came. */
    public List<Result> results() {
        return values.entrySet().stream()
                .map(entry -> Result.of(entry.getKey(), entry.getValue()))
                .toList();
    }
}
