package io.smc4j.benchmarks.perf.run;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.PeerName;
import java.time.Duration;
import java.util.List;

/**
 * How a run that is to take only so long spends its time: what its turns measure comes first, what is left then is for warming up, more
 * of it for what has more code to be compiled. Who is warm sooner leaves the rest to those behind. On a machine where that would leave
 * hardly any (where processes take long to start) the run takes longer all the same: figures of code that is not compiled are of no use
 * to anybody.
 *
 * @param limit for all of the run, from its beginning
 */
record Budget(Duration limit) {
    /** To open and to close, and to ask what it cost. */
    private static final Duration TURN = Duration.ofMillis(120);

    /** A thousand of them, by code that may be interpreted. */
    private static final Duration OPENING_IDLE = Duration.ofSeconds(4);

    private static final int MUCH_CODE = 3;

    /** Lots of warming up at least, for those whose compilers do not come to rest before. */
    private static final int LEAST = 12;

    private static final int LEAST_FOR_MUCH_CODE = 24;

    /**
     * A turn's pace.
     *
     * @param wanted without a limit
     * @param turn the turn
     * @param left it and all turns behind it, of all rounds
     * @param elapsed since the run began
     */
    Pace pace(Pace wanted, Plan.Turn turn, List<Plan.Turn> left, Duration elapsed) {
        if (turn.round() > 1) {
            return wanted;
        }
        int weights = left.stream()
                .filter(one -> one.round() == 1)
                .mapToInt(Budget::weight)
                .sum();
        Duration share = limit.minus(elapsed)
                .minus(fixed(wanted, left))
                .multipliedBy(weight(turn))
                .dividedBy(Math.max(1, weights));
        Duration least = wanted.warmUp().multipliedBy(weight(turn) == 1 ? LEAST : LEAST_FOR_MUCH_CODE);
        return wanted.within(share.compareTo(least) < 0 ? least : share);
    }

    private static Duration fixed(Pace pace, List<Plan.Turn> turns) {
        Duration total = Duration.ZERO;
        for (Plan.Turn turn : turns) {
            total = total.plus(TURN).plus(pace.measured());
            if (turn.measured().kind() == Case.Kind.IDLE) {
                total = total.plus(OPENING_IDLE).plus(pace.idle().multipliedBy(2L * pace.idleWindows()));
            }
        }
        return total;
    }

    private static int weight(Plan.Turn turn) {
        boolean much = turn.peer() == PeerName.SMC_R
                || turn.peer() == PeerName.PEKKO_TCP
                || turn.peer() == PeerName.SMC_D_STREAMS
                || turn.measured().kind() == Case.Kind.CONNECT && turn.peer().isSmc4j();
        return much ? MUCH_CODE : 1;
    }
}
