package io.smc4j.benchmarks.perf.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.benchmarks.perf.plan.Work;
import io.smc4j.benchmarks.perf.result.Key;
import io.smc4j.benchmarks.perf.result.Metric;
import io.smc4j.benchmarks.perf.result.Ratio;
import io.smc4j.benchmarks.perf.result.Samples;
import io.smc4j.benchmarks.perf.result.Targets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Duration MOMENT = Duration.ofMillis(200);

    @Test
    void shouldGiveEachPeerATurnInEachCaseAndChangeWhoBegins() {
        Plan plan = Plan.full(Case.all(), List.of(PeerName.SMC_D, PeerName.TCP, PeerName.UDS), 3, MOMENT);
        assertThat(plan.turns(1).subList(0, 3))
                .extracting(Plan.Turn::peer)
                .containsExactly(PeerName.SMC_D, PeerName.TCP, PeerName.UDS);
        assertThat(plan.turns(2).subList(0, 3))
                .extracting(Plan.Turn::peer)
                .containsExactly(PeerName.TCP, PeerName.UDS, PeerName.SMC_D);
        assertThat(plan.turns(1).subList(0, 3))
                .extracting(Plan.Turn::measured)
                .containsOnly(Case.all().getFirst());
        assertThat(plan.size()).isEqualTo(3 * plan.turns(1).size());
    }

    @Test
    void shouldMeasureInAQuickRunWhatEveryTargetNeeds() {
        Plan plan = Plan.quick(Case.quick(), Quick.peers(), 3, MOMENT);
        Samples samples = new Samples();
        for (Plan.Turn turn : plan.turns(1)) {
            for (Metric metric : Metric.values()) {
                samples.add(Key.of(turn.peer(), turn.measured(), metric), 1);
            }
        }
        assertThat(Targets.judge(samples.results())).extracting(Ratio::ratio).allMatch(ratio -> ratio.isPresent());
    }

    @Test
    void shouldTakeLessThan45SecondsInAQuickRun() {
        Plan plan = Plan.quick(Case.quick(), Quick.peers(), 3, MOMENT);
        Duration total = Duration.ZERO;
        for (int round = 1; round <= 3; round++) {
            for (Plan.Turn turn : plan.turns(round)) {
                Pace pace = plan.paceOf(turn);
                total = total.plus(pace.measured()).plus(warmUp(turn, pace));
                if (turn.measured().kind() == Case.Kind.IDLE) {
                    total = total.plus(pace.idleBefore())
                            .plus(pace.idle().multipliedBy(2L * pace.idleWindows()))
                            .plus(pace.warmUp().multipliedBy(2));
                }
            }
        }
        // the rest is for starting 20 JVMs, for opening and closing, and for compilers that need longer
        assertThat(total).isLessThan(Duration.ofSeconds(25));
    }

    /** Where the compilers have little to do, or a peer opens some ten thousand connections a second. */
    private static Duration warmUp(Plan.Turn turn, Pace pace) {
        if (turn.measured().kind() == Case.Kind.CONNECT) {
            Duration longest = pace.longestConnectWarmUp();
            return turn.peer().isSmc4j() || longest.toSeconds() < 1 ? longest : Duration.ofSeconds(1);
        }
        return pace.warmUp().multipliedBy(turn.round() == 1 ? 2 : 1);
    }

    @Test
    void shouldWatchIdleAndSeveralBusyConnectionsOnceInAQuickRun() {
        Plan plan = Plan.quick(Case.quick(), Quick.peers(), 3, MOMENT);
        assertThat(plan.turns(1)).anyMatch(turn -> turn.measured().kind() == Case.Kind.IDLE);
        assertThat(plan.turns(1)).anyMatch(turn -> turn.measured().kind() == Case.Kind.SCALING);
        assertThat(plan.turns(2))
                .extracting(turn -> turn.measured().kind())
                .containsOnly(Case.Kind.ROUND_TRIP, Case.Kind.BULK, Case.Kind.CONNECT);
    }

    @Test
    void shouldSayThatARunWithShortTurnsDoesNotWarmUpEverything() {
        assertThat(Plan.quick(Case.quick(), Quick.peers(), 3, MOMENT).isBrief()).isTrue();
        assertThat(Plan.quick(Case.quick(), Quick.peers(), 3, Duration.ofSeconds(1))
                        .isBrief())
                .isFalse();
        assertThat(Plan.full(Case.all(), Quick.peers(), 3, Duration.ofMillis(600))
                        .isBrief())
                .isFalse();
    }

    @Test
    void shouldMakeWorkOfEveryCaseThatSurvivesJson() {
        for (Case measured : Case.all()) {
            Work work = measured.work();
            assertThat(Work.fromJson(work.toJson())).isEqualTo(work);
            assertThat(work.request()).isEqualTo(work.chunks() * work.chunk());
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Work.roundTrip(0, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Work.fromJson(Work.connect().toJson().put("chunk", 0)));
    }
}
