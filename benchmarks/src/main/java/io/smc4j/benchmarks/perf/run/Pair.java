package io.smc4j.benchmarks.perf.run;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.benchmarks.perf.plan.Work;
import io.smc4j.benchmarks.perf.result.Metric;
import io.smc4j.cli.output.Json;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The two processes of one peer. */
final class Pair {
    private static final Duration TIME_TO_START = Duration.ofMinutes(2);

    /** Beyond the time a command is meant to take: a busy machine, a thousand connections. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The peer whose client writes the archive of classes. */
    static final PeerName WRITER = PeerName.SMC_D;

    private static final Duration MOMENT = Duration.ofMillis(50);
    private static final int SMALL = 64;
    private static final int MOST_CONNECTS = 2000;

    /** The compiler looks at a method once it ran some thousand times. */
    private static final int WARM_UP_CONNECTS = 3000;

    /** With less than that from one lot to the next, it has done its work. */
    private static final double GETS_FASTER = 1.1;

    /** One may have been disturbed. */
    private static final int LOTS_NO_FASTER = 2;

    /** Of the time, for both processes together: less, and the compilers are at rest. */
    private static final double COMPILERS_REST = 0.1;

    /** One may have been too short for what is compiled next. */
    private static final int LOTS_AT_REST = 2;

    private static final double MICROS = 1e3;
    private static final double GB = 1e9;
    private static final double KIB = 1024;

    private final Child server;
    private final Child client;
    private boolean ready;

    private Pair(Child server, Child client) {
        this.server = server;
        this.client = client;
    }

    /** Starts both; {@link #awaitReady} waits for them. */
    static Pair start(PeerName peer, Children children) throws ChildTrouble {
        Child server = children.start(peer, "server");
        try {
            return new Pair(server, children.start(peer, "client"));
        } catch (ChildTrouble e) {
            server.kill();
            throw e;
        }
    }

    /** Two that live to write the archive of classes; the one that writes it uses about every class that the others use. */
    static Pair startWriter(Children children) throws ChildTrouble {
        Child server = children.start(WRITER, "server");
        try {
            return new Pair(server, children.startWriter(WRITER, "client"));
        } catch (ChildTrouble e) {
            server.kill();
            throw e;
        }
    }

    /** A moment of traffic, for which classes are loaded. */
    void run() throws ChildTrouble, InterruptedException {
        awaitReady();
        Work work = new Case(Case.Kind.ROUND_TRIP, SMALL, 1).work();
        String address =
                ask(server, work.toJson().put("do", "serve")).text("address").orElse("");
        ask(client, work.toJson().put("do", "open").put("address", address));
        run(exchange(1, MOMENT, 0), MOMENT);
        ask(client, command("close"));
        ask(server, command("stop"));
    }

    void awaitReady() throws ChildTrouble, InterruptedException {
        if (!ready) {
            server.awaitReady(TIME_TO_START);
            client.awaitReady(TIME_TO_START);
            ready = true;
        }
    }

    /** One turn. @return what was measured */
    Map<Metric, Double> measure(Case measured, Pace pace) throws ChildTrouble, InterruptedException {
        awaitReady();
        Work work = measured.work();
        String address =
                ask(server, work.toJson().put("do", "serve")).text("address").orElse("");
        Map<Metric, Double> figures = switch (work.shape()) {
            case CONNECT -> connects(address, pace);
            case EXCHANGE -> exchanges(measured, work, address, pace);
            case HOLD -> idle(work, address, pace);
        };
        ask(server, command("stop"));
        return figures;
    }

    private Map<Metric, Double> connects(String address, Pace pace) throws ChildTrouble, InterruptedException {
        warmUpConnecting(address, pace.longestConnectWarmUp());
        Json answer = run(connect(address, pace.measured(), MOST_CONNECTS), pace.measured());
        Map<Metric, Double> figures = times(answer);
        figures.put(Metric.PER_SECOND, number(answer, "perSecond"));
        return figures;
    }

    private void warmUpConnecting(String address, Duration longest) throws ChildTrouble, InterruptedException {
        long start = System.nanoTime();
        Duration left = longest;
        double fastest = 0;
        int noFaster = 0;
        do {
            double now = number(run(connect(address, left, WARM_UP_CONNECTS), left), "perSecond");
            noFaster = now > GETS_FASTER * fastest ? 0 : noFaster + 1;
            fastest = Math.max(fastest, now);
            left = longest.minusNanos(System.nanoTime() - start);
        } while (left.isPositive() && noFaster < LOTS_NO_FASTER);
    }

    private static Json connect(String address, Duration duration, int most) {
        return command("connect")
                .put("address", address)
                .put("millis", duration.toMillis())
                .put("most", most);
    }

    private Map<Metric, Double> exchanges(Case measured, Work work, String address, Pace pace)
            throws ChildTrouble, InterruptedException {
        long interval = measured.kind() == Case.Kind.PACED ? TimeUnit.SECONDS.toNanos(1) / Case.PACE : 0;
        ask(client, work.toJson().put("do", "open").put("address", address));
        warmUp(work.connections(), pace);
        Json before = ask(server, command("mark"));
        Json answer = run(exchange(work.connections(), pace.measured(), interval), pace.measured());
        Json after = ask(server, command("mark"));
        ask(client, command("close"));

        double count = Math.max(1, number(answer, "count"));
        double messages = count * work.chunks();
        double cpu = number(answer, "cpu") + number(after, "cpu") - number(before, "cpu");
        double allocated = number(answer, "allocated") + number(after, "allocated") - number(before, "allocated");
        double perSecond = number(answer, "perSecond");

        Map<Metric, Double> figures = new EnumMap<>(Metric.class);
        switch (measured.kind()) {
            case ROUND_TRIP, PACED, SCALING -> {
                figures.putAll(times(answer));
                figures.put(Metric.PER_SECOND, perSecond);
            }
            case BULK, SCALING_BULK -> {
                figures.put(Metric.THROUGHPUT, perSecond * work.request() / GB);
                figures.put(Metric.CPU_PER_GB, cpu / count / work.request());
            }
            default -> figures.put(Metric.PER_SECOND, perSecond * work.chunks());
        }
        figures.put(Metric.ALLOCATION, allocated / messages);
        return figures;
    }

    private void warmUp(int connections, Pace pace) throws ChildTrouble, InterruptedException {
        long start = System.nanoTime();
        double compiled = compiled();
        int atRest = 0;
        do {
            run(exchange(connections, pace.warmUp(), 0), pace.warmUp());
            double now = compiled();
            atRest = now - compiled < COMPILERS_REST * pace.warmUp().toMillis() ? atRest + 1 : 0;
            compiled = now;
        } while (atRest < LOTS_AT_REST
                && System.nanoTime() - start < pace.longestWarmUp().toNanos());
    }

    /** Milliseconds of processor time that the compilers of both processes have used. */
    private double compiled() throws ChildTrouble, InterruptedException {
        return number(ask(server, command("mark")), "compiled") + number(ask(client, command("mark")), "compiled");
    }

    private Map<Metric, Double> idle(Work work, String address, Pace pace) throws ChildTrouble, InterruptedException {
        double without = pace.idleBefore().isPositive() ? idleShare(pace.idleBefore()) : 1;
        double before = memory();
        ask(client, work.toJson().put("do", "open").put("address", address));
        double held = memory() - before;
        double with = restingShare(pace);
        run(exchange(1, pace.warmUp(), 0), pace.warmUp());
        Map<Metric, Double> figures = times(run(exchange(1, pace.measured(), 0), pace.measured()));
        ask(client, command("close"));
        // Before and after: the compiler may still have been at work before, and its work is nobody's idling.
        figures.put(Metric.CPU_WITHOUT, Math.min(without, restingShare(pace)) * 100);
        figures.put(Metric.CPU, with * 100);
        figures.put(Metric.MEMORY, held / work.connections() / KIB);
        return figures;
    }

    /** As {@link #idleShare}, once what opening left behind (the compiler above all) has come to rest. */
    private double restingShare(Pace pace) throws ChildTrouble, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(pace.warmUp().toMillis());
        double share = idleShare(pace.idle());
        for (int i = 1; i < pace.idleWindows(); i++) {
            share = Math.min(share, idleShare(pace.idle()));
        }
        return share;
    }

    /** Of one core, while nothing happens. */
    private double idleShare(Duration watched) throws ChildTrouble, InterruptedException {
        double cpu = cpu();
        long start = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(watched.toMillis());
        return (cpu() - cpu) / (System.nanoTime() - start);
    }

    private double memory() throws ChildTrouble, InterruptedException {
        return number(ask(server, command("memory")), "memory") + number(ask(client, command("memory")), "memory");
    }

    /** Processor time of both, in nanoseconds. */
    double cpu() throws ChildTrouble, InterruptedException {
        return number(ask(server, command("mark")), "cpu") + number(ask(client, command("mark")), "cpu");
    }

    private static Json exchange(int connections, Duration duration, long interval) {
        return command("run")
                .put("connections", connections)
                .put("millis", duration.toMillis())
                .put("interval", interval);
    }

    private static Map<Metric, Double> times(Json answer) throws ChildTrouble {
        Map<Metric, Double> figures = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.percentiles()) {
            figures.put(metric, number(answer, metric.label()) / MICROS);
        }
        figures.put(Metric.MEAN, number(answer, "mean") / MICROS);
        return figures;
    }

    private static Json command(String what) {
        return Json.object().put("do", what);
    }

    private Json run(Json command, Duration duration) throws ChildTrouble, InterruptedException {
        return client.ask(command, duration.plus(PATIENCE));
    }

    private static Json ask(Child child, Json command) throws ChildTrouble, InterruptedException {
        return child.ask(command, PATIENCE);
    }

    private static double number(Json answer, String name) throws ChildTrouble {
        return answer.number(name)
                .orElseThrow(() -> new ChildTrouble("an answer has no '" + name + "': " + answer))
                .doubleValue();
    }

    void askToEnd() {
        client.askToEnd();
        server.askToEnd();
    }

    /** Waits for the end, and makes one. */
    void end() {
        client.end();
        server.end();
    }

    void kill() {
        client.kill();
        server.kill();
    }
}
