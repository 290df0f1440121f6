package io.smc4j.benchmarks.perf.result;

import static io.smc4j.benchmarks.perf.plan.PeerName.AERON;
import static io.smc4j.benchmarks.perf.plan.PeerName.PEKKO_TCP;
import static io.smc4j.benchmarks.perf.plan.PeerName.RING;
import static io.smc4j.benchmarks.perf.plan.PeerName.SMC_D;
import static io.smc4j.benchmarks.perf.plan.PeerName.SMC_D_PARK;
import static io.smc4j.benchmarks.perf.plan.PeerName.SMC_D_STREAMS;
import static io.smc4j.benchmarks.perf.plan.PeerName.SMC_D_TICKLESS;
import static io.smc4j.benchmarks.perf.plan.PeerName.SMC_R;
import static io.smc4j.benchmarks.perf.plan.PeerName.TCP;
import static io.smc4j.benchmarks.perf.plan.PeerName.UDS;
import static io.smc4j.benchmarks.perf.result.Ratio.Bound.Sense.AT_LEAST;
import static io.smc4j.benchmarks.perf.result.Ratio.Bound.Sense.AT_MOST;
import static io.smc4j.benchmarks.perf.result.Ratio.Bound.Sense.BELOW;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.Case.Kind;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.benchmarks.perf.result.Ratio.Bound;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What smc4j must reach on one host. Every ratio is a quotient of two medians of the same run. */
public final class Targets {
    private static final String TIMES = "×";
    private static final String WITH_TICKLESS = " (with TicklessScheduler)";
    private static final Case ROUND_TRIP = new Case(Kind.ROUND_TRIP, 64, 1);
    private static final Case BULK = new Case(Kind.BULK, 64 * 1024, 1);
    private static final Case CONNECT = new Case(Kind.CONNECT, 1, 1);
    private static final Case IDLE = new Case(Kind.IDLE, 64, 1000);
    private static final Case BUSY = new Case(Kind.SCALING, 64, 4);
    private static final Case BUSY_BULK = new Case(Kind.SCALING_BULK, 64 * 1024, 4);

    /** Below this an average is timer ticks and the measuring itself, not the data path: less than one object in a thousand messages. */
    private static final double ZERO_BYTES = 0.1;

    private final Map<Key, Result> results;

    private Targets(Map<Key, Result> results) {
        this.results = results;
    }

    /** All targets, with what these results say about them. */
    public static List<Ratio> judge(List<Result> results) {
        return new Targets(results.stream().collect(Collectors.toMap(Result::key, Function.identity()))).ratios();
    }

    private List<Ratio> ratios() {
        // a quick run opens connections in the processes whose idling it measures
        boolean tickless = !results.containsKey(Key.of(SMC_D, CONNECT, Metric.P50))
                && results.containsKey(Key.of(SMC_D_TICKLESS, CONNECT, Metric.P50));
        PeerName setsUp = tickless ? SMC_D_TICKLESS : SMC_D;
        String scheduler = tickless ? WITH_TICKLESS : "";
        return List.of(
                longer(ROUND_TRIP, SMC_D, RING, "SMC-D 64 B round trip, as a multiple of the bare ring's", 1.5),
                shorter(ROUND_TRIP, SMC_D, TCP, "SMC-D 64 B round trip, times faster than TCP loopback", 40),
                shorter(ROUND_TRIP, SMC_D, AERON, "SMC-D 64 B round trip, times faster than Aeron IPC", 1),
                more(
                        BULK,
                        Metric.THROUGHPUT,
                        SMC_D,
                        RING,
                        "SMC-D bulk, 64 KiB writes, as a multiple of the bare ring's",
                        0.85),
                more(BULK, Metric.THROUGHPUT, SMC_D, TCP, "SMC-D bulk, 64 KiB writes, against TCP loopback", 4),
                more(BULK, Metric.THROUGHPUT, SMC_D, UDS, "SMC-D bulk, 64 KiB writes, against Unix domain sockets", 2),
                shorter(
                        ROUND_TRIP,
                        SMC_D_PARK,
                        TCP,
                        "SMC-D 64 B round trip, both sides park, times faster than TCP loopback",
                        2),
                shorter(ROUND_TRIP, SMC_R, TCP, "SMC-R (softrdma) 64 B round trip, times faster than TCP loopback", 10),
                more(
                        BULK,
                        Metric.THROUGHPUT,
                        SMC_D_STREAMS,
                        PEKKO_TCP,
                        "Pekko Streams over SMC-D, throughput against Pekko Streams TCP",
                        3),
                shorter(
                        ROUND_TRIP,
                        SMC_D_STREAMS,
                        PEKKO_TCP,
                        "Pekko Streams over SMC-D, 64 B round trip, times faster than Pekko Streams TCP",
                        3),
                longer(
                        CONNECT,
                        setsUp,
                        TCP,
                        "connection set-up, as a multiple of TCP's connect and accept" + scheduler,
                        5),
                figure(
                        CONNECT,
                        Metric.PER_SECOND,
                        setsUp,
                        "connections set up per second" + scheduler,
                        new Bound(AT_LEAST, 2000, "/s")),
                figure(
                        IDLE,
                        Metric.CPU,
                        SMC_D_TICKLESS,
                        "1,000 idle connections, of one core" + WITH_TICKLESS,
                        new Bound(BELOW, 1, " %")),
                figure(
                        ROUND_TRIP,
                        Metric.ALLOCATION,
                        SMC_D,
                        "allocated per message (0 B, to a tenth)",
                        new Bound(BELOW, ZERO_BYTES, " B")),
                more(
                        BUSY,
                        Metric.PER_SECOND,
                        SMC_D,
                        TCP,
                        "four busy connections on two cores, round trips against TCP loopback",
                        1),
                more(
                        BUSY_BULK,
                        Metric.THROUGHPUT,
                        SMC_D,
                        TCP,
                        "four busy connections on two cores, bulk against TCP loopback",
                        1));
    }

    /** How many times as long {@code peer} takes as {@code versus}: at most {@code most}. */
    private Ratio longer(Case measured, PeerName peer, PeerName versus, String what, double most) {
        return ratio(
                measured,
                peer,
                versus,
                what,
                new Bound(AT_MOST, most, TIMES),
                quotient(measured, Metric.P50, peer, versus));
    }

    /** How many times as long {@code versus} takes as {@code peer}: at least {@code least}. */
    private Ratio shorter(Case measured, PeerName peer, PeerName versus, String what, double least) {
        return ratio(
                measured,
                peer,
                versus,
                what,
                new Bound(AT_LEAST, least, TIMES),
                quotient(measured, Metric.P50, versus, peer));
    }

    /** How many times as much {@code peer} does as {@code versus}: at least {@code least}. */
    private Ratio more(Case measured, Metric metric, PeerName peer, PeerName versus, String what, double least) {
        return ratio(
                measured,
                peer,
                versus,
                what,
                new Bound(AT_LEAST, least, TIMES),
                quotient(measured, metric, peer, versus));
    }

    private Ratio figure(Case measured, Metric metric, PeerName peer, String what, Bound bound) {
        return new Ratio(measured.label(), peer.label(), Ratio.LIMIT, what, bound, median(measured, metric, peer));
    }

    private static Ratio ratio(
            Case measured, PeerName peer, PeerName versus, String what, Bound bound, Optional<Double> quotient) {
        return new Ratio(measured.label(), peer.label(), versus.label(), what, bound, quotient);
    }

    private Optional<Double> quotient(Case measured, Metric metric, PeerName above, PeerName below) {
        return median(measured, metric, above)
                .flatMap(dividend -> median(measured, metric, below)
                        .filter(divisor -> divisor > 0)
                        .map(divisor -> Result.rounded(dividend / divisor)));
    }

    private Optional<Double> median(Case measured, Metric metric, PeerName peer) {
        return Optional.ofNullable(results.get(Key.of(peer, measured, metric))).map(Result::median);
    }
}
