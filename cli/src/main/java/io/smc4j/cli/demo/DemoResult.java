package io.smc4j.cli.demo;

import io.smc4j.cli.output.Json;
import io.smc4j.cli.output.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run showed.
 *
 * @param transport what carried the bytes: {@code smc-r}, {@code smc-d}, {@code tcp}, or {@code plain-tcp} without smc4j
 * @param nanos during which the file's bytes moved, all rounds together
 * @param nanosPerRound the median of the rounds
 * @param bytesPerRound length of the file
 * @param links links of the link group before one was taken down; 0 where there are none
 * @param failovers how often the connection moved to another link
 * @param fallbackReason why it was TCP
 * @param bytes sent: the file, as often as it was moved
 * @param bytesArrived of these
 * @param sha256Match whether both ends computed the same checksum, every time
 * @param error what went wrong, if the run did not get to its end
 */
record DemoResult(
        DemoRun run,
        String transport,
        long nanos,
        long nanosPerRound,
        long bytesPerRound,
        double rttP50Micros,
        double rttP99Micros,
        int links,
        int failovers,
        Optional<String> fallbackReason,
        long bytes,
        long bytesArrived,
        boolean sha256Match,
        Optional<String> error) {

    static DemoResult of(DemoRun run, Json connected, Json roundTrips, Json moved, Json after) {
        return new DemoResult(
                run,
                connected.text("transport").orElse(run.label()),
                number(moved, "nanos").longValue(),
                number(moved, "nanosPerRound").longValue(),
                number(moved, "bytesPerRound").longValue(),
                number(roundTrips, "p50Micros").doubleValue(),
                number(roundTrips, "p99Micros").doubleValue(),
                number(connected, "links").intValue(),
                number(after, "failovers").intValue(),
                after.text("fallbackReason"),
                number(moved, "bytes").longValue(),
                number(moved, "bytesArrived").longValue(),
                moved.flag("sha256Match"),
                Optional.empty());
    }

    /** A run that did not get to its end: nothing of it counts. */
    static DemoResult failed(DemoRun run, long bytes, String error) {
        return new DemoResult(
                run, run.label(), 0, 0, 0, 0, 0, 0, 0, Optional.empty(), bytes, 0, false, Optional.of(error));
    }

    /** Of the median round, so that neither a JVM that warms up nor a failover hides what the transport does the rest of the time. */
    double megabytesPerSecond() {
        return Units.megabytesPerSecond(bytesPerRound, nanosPerRound);
    }

    long bytesLost() {
        return bytes - bytesArrived;
    }

    /** Everything about the run that is not as it should be; empty if it succeeded. */
    List<String> problems() {
        if (error.isPresent()) {
            return List.of(error.get());
        }
        List<String> problems = new ArrayList<>();
        if (!transport.equals(run.label())) {
            problems.add("the bytes went over " + transport
                    + fallbackReason.map(reason -> " because " + reason).orElse(""));
        }
        if (run.linkDies() && links < 2) {
            problems.add("the link group had " + links + " link(s) instead of 2");
        }
        if (run.linkDies() && failovers < 1) {
            problems.add("no failover happened although a port was taken down");
        }
        if (run == DemoRun.FALLBACK && fallbackReason.isEmpty()) {
            problems.add("it gave no reason for the fallback");
        }
        if (bytesLost() != 0) {
            problems.add(bytesLost() + " bytes were lost");
        }
        if (!sha256Match) {
            problems.add("the checksums differ");
        }
        return problems;
    }

    Json json() {
        Json json = Json.object()
                .put("transport", transport)
                .put("mbPerSecond", Units.round(megabytesPerSecond(), 1))
                .put("rttP50Micros", rttP50Micros)
                .put("rttP99Micros", rttP99Micros)
                .put("links", links)
                .put("failovers", failovers)
                .put("fallbackReason", fallbackReason)
                .put("bytesLost", bytesLost())
                .put("sha256Match", sha256Match);
        return problems().isEmpty() ? json : json.put("problems", problems());
    }

    /** Plain Java TCP knows nothing of links: what it does not say is 0. */
    private static Number number(Json json, String name) {
        return json.number(name).orElse(0);
    }
}
