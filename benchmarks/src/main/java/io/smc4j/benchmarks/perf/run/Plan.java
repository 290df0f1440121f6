package io.smc4j.benchmarks.perf.run;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.PeerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * What a run does: in each round every case, in each case every peer that takes part. The peer that begins changes from round to
 * round, so that none always comes after the same other one.
 *
 * @param freshProcesses whether each round starts its processes anew, so that a compiler's lucky or unlucky choice is not the same in
 *     all rounds
 * @param budget of a run that must not take longer
 */
public record Plan(
        List<Case> cases,
        List<PeerName> peers,
        BiPredicate<PeerName, Case> takesPart,
        int rounds,
        Pace pace,
        boolean freshProcesses,
        Optional<Budget> budget) {
    /** A little less than the 45 s that are promised: a JVM starts before, and writes the report behind it. */
    private static final Duration LONGEST_QUICK = Duration.ofMillis(42_500);

    private static final Duration BRIEF = Duration.ofMillis(500);
    private static final Duration NEXT_WARM_UP = Duration.ofMillis(50);

    /** One lot of traffic, at most. */
    private static final Duration LOT = Duration.ofMillis(200);

    /** Of all lots, in times that are measured; a brief run's are short. */
    private static final int WARM_UP = 14;

    private static final int BRIEF_WARM_UP = 25;
    private static final int CONNECT_WARM_UP = 40;
    private static final Duration IDLE = Duration.ofSeconds(3);
    private static final int IDLE_WINDOWS = 3;
    private static final Duration BRIEF_IDLE = Duration.ofMillis(800);

    /** One peer's measurement of one case, in a round counted from 1. */
    record Turn(int round, Case measured, PeerName peer) {}

    /** All cases with all peers. */
    public static Plan full(List<Case> cases, List<PeerName> peers, int rounds, Duration measured) {
        return new Plan(
                cases,
                peers,
                (peer, measuredCase) -> peer.takesPartIn(measuredCase.kind()),
                rounds,
                new Pace(
                        lot(measured),
                        measured.multipliedBy(WARM_UP),
                        measured.multipliedBy(CONNECT_WARM_UP),
                        measured,
                        IDLE,
                        IDLE_WINDOWS,
                        IDLE),
                true,
                Optional.empty());
    }

    /** What the ratios need, in the same processes all the time. */
    public static Plan quick(List<Case> cases, List<PeerName> peers, int rounds, Duration measured) {
        boolean brief = measured.compareTo(BRIEF) < 0;
        return new Plan(
                cases,
                peers,
                Quick::takesPart,
                rounds,
                new Pace(
                        lot(measured),
                        measured.multipliedBy(brief ? BRIEF_WARM_UP : WARM_UP),
                        measured.multipliedBy(CONNECT_WARM_UP),
                        measured,
                        brief ? BRIEF_IDLE : IDLE,
                        brief ? 1 : IDLE_WINDOWS,
                        Duration.ZERO),
                false,
                brief ? Optional.of(new Budget(LONGEST_QUICK)) : Optional.empty());
    }

    /** Whether its processes may be measured before all that they do is compiled. */
    public boolean isBrief() {
        return pace.measured().compareTo(BRIEF) < 0;
    }

    /** Of traffic, before what is measured. */
    public Duration longestWarmUp() {
        return pace.longestWarmUp();
    }

    private static Duration lot(Duration measured) {
        Duration most = measured.compareTo(BRIEF) < 0 ? LOT.dividedBy(2) : LOT;
        return measured.compareTo(most) < 0 ? measured : most;
    }

    List<Turn> turns(int round) {
        List<Turn> turns = new ArrayList<>();
        List<PeerName> order = new ArrayList<>(peers);
        Collections.rotate(order, 1 - round);
        for (Case measured : cases) {
            for (PeerName peer : order) {
                if (takesPart.test(peer, measured) && !(onceOnly(measured) && round > 1)) {
                    turns.add(new Turn(round, measured, peer));
                }
            }
        }
        return turns;
    }

    /** What takes long (to watch idle connections) or differs by much (several busy ones) is measured once in a quick run. */
    private boolean onceOnly(Case measured) {
        return !freshProcesses
                && switch (measured.kind()) {
                    case IDLE, SCALING, SCALING_BULK -> true;
                    case ROUND_TRIP, PACED, BULK, MESSAGES, CONNECT -> false;
                };
    }

    /**
     * The pace of a turn.
     *
     * @param left it and all behind it, of all rounds
     * @param elapsed since the run began
     */
    Pace paceOf(Turn turn, List<Turn> left, Duration elapsed) {
        Pace wanted = paceOf(turn);
        return budget.map(limited -> limited.pace(wanted, turn, left, elapsed)).orElse(wanted);
    }

    /** Without a limit; processes that have done it before warm up quickly. */
    Pace paceOf(Turn turn) {
        return !freshProcesses && turn.round() > 1 && pace.warmUp().compareTo(NEXT_WARM_UP) > 0
                ? pace.warmedUp(NEXT_WARM_UP)
                : pace;
    }

    /** Turns of all rounds. */
    List<Turn> allTurns() {
        List<Turn> all = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            all.addAll(turns(round));
        }
        return all;
    }
}
