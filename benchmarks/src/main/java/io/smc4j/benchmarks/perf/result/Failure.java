package io.smc4j.benchmarks.perf.result;

import io.smc4j.cli.output.Json;

/** A measurement that did not come about, in a round counted from 1. */
public record Failure(String peer, String caseName, int round, String why) {
    Json toJson() {
        return Json.object()
                .put("peer", peer)
                .put("case", caseName)
                .put("round", round)
                .put("why", why);
    }

    static Failure fromJson(Json json) {
        return new Failure(
                Fields.text(json, "peer"),
                Fields.text(json, "case"),
                (int) Fields.number(json, "round"),
                Fields.text(json, "why"));
    }

    /** For a person, in one line. */
    @Override
    public String toString() {
        return peer + ", " + caseName + ", round " + round + ": " + why;
    }
}
