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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
        assertThat(plan.allTurns().size()).isEqualTo(3 * plan.turns(1).size());
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

    /**
     * How long a run takes.
     *
     * @param starting until the processes are there
     * @param slowness how often what compilers, opening and closing need on a good machine
     */
    private static Duration simulate(Plan plan, Duration starting, int slowness) {
        Duration elapsed = starting;
        List<Plan.Turn> all = plan.allTurns();
        Set<PeerName> warm = EnumSet.noneOf(PeerName.class);
        for (int i = 0; i < all.size(); i++) {
            Plan.Turn turn = all.get(i);
            Pace pace = plan.paceOf(turn, all.subList(i, all.size()), elapsed);
            boolean simple = Set.of(PeerName.RING, PeerName.TCP, PeerName.UDS, PeerName.AERON)
                    .contains(turn.peer());
            int lots = simple || !warm.add(turn.peer()) ? 3 : 12 * slowness;
            boolean connecting = turn.measured().kind() == Case.Kind.CONNECT;
            boolean idle = turn.measured().kind() == Case.Kind.IDLE;
            Duration needed = connecting && !simple
                    ? Duration.ofMinutes(1)
                    : pace.warmUp().multipliedBy(lots);
            Duration longest = connecting ? pace.longestConnectWarmUp() : pace.longestWarmUp();
            elapsed = elapsed.plus(pace.measured())
                    .plus(idle || needed.compareTo(longest) < 0 ? needed : longest)
                    .plus(Duration.ofMillis(100L * slowness))
                    .plus(idle ? pace.idle().multipliedBy(2).plusSeconds(3L * slowness) : Duration.ZERO);
        }
        return elapsed;
    }

    @Test
    void shouldTakeLessThan45SecondsInAQuickRun() {
        Plan plan = Plan.quick(Case.quick(), Quick.peers(), 3, MOMENT);
        assertThat(simulate(plan, Duration.ofSeconds(4), 1)).isLessThan(Duration.ofSeconds(45));
        assertThat(simulate(plan, Duration.ofSeconds(8), 1)).isLessThan(Duration.ofSeconds(45));
        assertThat(simulate(plan, Duration.ofSeconds(12), 2))
                .as("a slow machine")
                .isLessThan(Duration.ofSeconds(70));
    }

    @Test
    void shouldGiveTheLongestWarmUpToWhatHasMostCodeAndEverybodySome() {
        Plan plan = Plan.quick(Case.quick(), Quick.peers(), 3, MOMENT);
        List<Plan.Turn> all = plan.allTurns();
        Duration ring = plan.paceOf(all.get(0), all, Duration.ofSeconds(10)).longestWarmUp();
        Duration smcR = plan.paceOf(all.get(2), all, Duration.ofSeconds(10)).longestWarmUp();
        assertThat(all.get(2).peer()).isEqualTo(PeerName.SMC_R);
        assertThat(smcR).isGreaterThan(ring);
        assertThat(plan.paceOf(all.get(0), all, Duration.ofSeconds(60)).longestWarmUp())
                .isEqualTo(MOMENT.multipliedBy(6)); // 12 lots of half of it
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
