package io.smc4j.benchmarks.perf.result;

import io.smc4j.cli.output.Json;

/** Members that must be there. */
final class Fields {
    private Fields() {}

    static String text(Json json, String name) {
        return json.text(name).orElseThrow(() -> missing(json, name));
    }

    static double number(Json json, String name) {
        return json.number(name).orElseThrow(() -> missing(json, name)).doubleValue();
    }

    private static IllegalArgumentException missing(Json json, String name) {
        return new IllegalArgumentException("no '" + name + "' in " + json);
    }
}
