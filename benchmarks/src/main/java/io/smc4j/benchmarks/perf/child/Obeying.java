package io.smc4j.benchmarks.perf.child;

import io.smc4j.benchmarks.perf.peer.Exchanges;
import io.smc4j.benchmarks.perf.peer.Peer;
import io.smc4j.benchmarks.perf.plan.Work;
import io.smc4j.cli.output.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Carries out the parent's commands, one at a time. */
final class Obeying {
    private static final Map<String, Double> PERCENTILES = percentiles();

    private final Peer peer;
    private final Meter meter = new Meter();
    private Peer.@Nullable Session session;

    Obeying(Peer peer) {
        this.peer = peer;
    }

    /** @throws IllegalArgumentException if it is no command */
    Json obey(Json command) throws Exception {
        String what = command.text("do").orElse("");
        return switch (what) {
            case "serve" -> Json.object().put("address", peer.serve(Work.fromJson(command)));
            case "stop" -> {
                peer.stop();
                yield Json.object();
            }
            case "open" -> {
                session = peer.open(
                        Work.fromJson(command), command.text("address").orElseThrow());
                yield Json.object();
            }
            case "run" -> run(command, (int) number(command, "connections"));
            case "connect" -> connect(command);
            case "close" -> {
                closeSession();
                yield Json.object();
            }
            case "mark" -> meter.mark();
            case "memory" -> Json.object().put("memory", meter.memory());
            default -> throw new IllegalArgumentException("unknown command '" + what + "'");
        };
    }

    private Json run(Json command, int connections) throws Exception {
        Peer.Session open = session;
        if (open == null) {
            throw new IllegalStateException("no connection is open");
        }
        Exchanges[] exchanges = new Exchanges[connections];
        for (int i = 0; i < connections; i++) {
            exchanges[i] = new Exchanges(
                    TimeUnit.MILLISECONDS.toNanos(number(command, "millis")), number(command, "interval"));
        }
        long cpu = meter.cpuNanos();
        long allocated = meter.allocated();
        open.run(exchanges);
        allocated = meter.allocated() - allocated;
        cpu = meter.cpuNanos() - cpu;

        Histogram times = exchanges[0].times();
        double perSecond = 0;
        long count = 0;
        for (Exchanges one : exchanges) {
            if (one != exchanges[0]) {
                times.add(one.times());
            }
            count += one.count();
            perSecond += one.count() * 1e9 / Math.max(1, one.nanos());
        }
        return times(times)
                .put("count", count)
                .put("perSecond", perSecond)
                .put("cpu", cpu)
                .put("allocated", allocated);
    }

    /** Connects again and again, but not without end: each leaves a port behind that rests for a while. */
    private Json connect(Json command) throws Exception {
        String address = command.text("address").orElseThrow();
        long most = number(command, "most");
        long limit = TimeUnit.MILLISECONDS.toNanos(number(command, "millis"));
        Histogram times = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        long begin = System.nanoTime();
        long elapsed = 0;
        while (elapsed < limit && times.getTotalCount() < most) {
            times.recordValue(peer.connectOnce(address));
            elapsed = System.nanoTime() - begin;
        }
        return times(times).put("count", times.getTotalCount()).put("perSecond", times.getTotalCount() * 1e9 / elapsed);
    }

    private void closeSession() {
        Peer.Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }

    /** In nanoseconds. */
    private static Json times(Histogram times) {
        Json json = Json.object();
        PERCENTILES.forEach((name, percentile) -> json.put(name, times.getValueAtPercentile(percentile)));
        return json.put("max", times.getMaxValue()).put("mean", times.getMean());
    }

    private static Map<String, Double> percentiles() {
        Map<String, Double> percentiles = new LinkedHashMap<>();
        percentiles.put("p50", 50.0);
        percentiles.put("p90", 90.0);
        percentiles.put("p99", 99.0);
        percentiles.put("p99.9", 99.9);
        percentiles.put("p99.99", 99.99);
        return percentiles;
    }

    private static long number(Json command, String name) {
        return command.number(name)
                .orElseThrow(() -> new IllegalArgumentException("the command has no '" + name + "'"))
                .longValue();
    }
}
