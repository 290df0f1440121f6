package io.smc4j.cli.soak;

import io.smc4j.TransportPreference;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.output.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How a run went.
 *
 * @param options what it was asked to do
 * @param books what the peers reported
 * @param faults what was done to them
 * @param longestStallNanos longest time that an operation made no progress
 * @param hangs operations that made none for too long
 * @param leaks resources and mappings that were left
 * @param restarts of killed peers
 * @param idleCpu share of a core that the busier peer used with no connection left
 * @param trafficNanos how long faults and traffic really lasted
 */
record SoakResult(
        SoakOptions options,
        Books books,
        FaultHistory faults,
        long longestStallNanos,
        int hangs,
        int leaks,
        int restarts,
        double idleCpu,
        long trafficNanos) {
    boolean isGood() {
        return books.problemCount() == 0
                && books.lostBytes() == 0
                && books.repeatedBytes() == 0
                && hangs == 0
                && leaks == 0;
    }

    /** With files that were left in shared memory. */
    SoakResult withFiles(List<String> files) {
        books.problem("files were left in shared memory: " + files);
        return new SoakResult(
                options,
                books,
                faults,
                longestStallNanos,
                hangs,
                leaks + files.size(),
                restarts,
                idleCpu,
                trafficNanos);
    }

    Json json() {
        return Json.object()
                .put("seed", options.seed())
                .put("seconds", Units.round(trafficNanos / 1e9, 1))
                .put(
                        "transports",
                        options.transports().stream()
                                .map(TransportPreference::label)
                                .toList())
                .put("connections", sum(books.connections()))
                .put("connectionsByTransport", books.connections())
                .put("bytes", books.bytes())
                .put("faults", faults.byKind())
                .put("faultsPerSecond", Units.round(faultsPerSecond(), 1))
                .put("failovers", books.failovers())
                .put("aborts", books.aborts())
                .put("refused", books.refused())
                .put("fallbacks", books.fallbacks())
                .put("restarts", restarts)
                .put("lostBytes", books.lostBytes())
                .put("repeatedBytes", books.repeatedBytes())
                .put("leaks", leaks)
                .put("hangs", hangs)
                .put("longestStallMillis", TimeUnit.NANOSECONDS.toMillis(longestStallNanos))
                .put("idleCpuPercent", Units.round(idleCpu * 100, 1))
                .put("problems", books.problems());
    }

    String text() {
        List<String> lines = new ArrayList<>();
        line(lines, "seed", String.valueOf(options.seed()));
        line(lines, "connections", sum(books.connections()) + of(books.connections()));
        line(lines, "bytes verified", Units.bytes(books.bytes()));
        line(
                lines,
                "faults",
                String.format(Locale.ROOT, "%d, %.1f a second", faults.total(), faultsPerSecond())
                        + of(faults.byKind()));
        line(lines, "failovers", String.valueOf(books.failovers()));
        if (restarts > 0) {
            line(lines, "restarts", String.valueOf(restarts));
        }
        counts(lines, "aborts", books.aborts());
        counts(lines, "refused connects", books.refused());
        counts(lines, "fallbacks to TCP", books.fallbacks());
        line(lines, "bytes lost", String.valueOf(books.lostBytes()));
        line(lines, "bytes repeated", String.valueOf(books.repeatedBytes()));
        line(lines, "leaks", String.valueOf(leaks));
        line(lines, "hangs", String.valueOf(hangs));
        line(lines, "longest stall", Units.seconds(longestStallNanos));
        line(lines, "idle", String.format(Locale.ROOT, "%.1f %% of a core", idleCpu * 100));
        return String.join(System.lineSeparator(), lines);
    }

    private double faultsPerSecond() {
        return trafficNanos == 0 ? 0 : faults.total() / (trafficNanos / 1e9);
    }

    private static void counts(List<String> lines, String name, Map<String, Long> counts) {
        line(lines, name, String.valueOf(sum(counts)));
        counts.forEach((key, count) -> lines.add(String.format(Locale.ROOT, "  %8d  %s", count, key)));
    }

    private static void line(List<String> lines, String name, String value) {
        lines.add(String.format(Locale.ROOT, "%-18s%s", name, value));
    }

    private static String of(Map<String, Long> counts) {
        List<String> parts = counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .toList();
        return parts.isEmpty() ? "" : " (" + String.join(", ", parts) + ")";
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
