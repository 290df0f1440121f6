package io.smc4j.testkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcServerChannel;
import io.smc4j.TransportPreference;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.testkit.junit.SmcTest;
import io.smc4j.testkit.node.NodePair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Faults by seed can be repeated, come as often as they should, and can be lived with. */
class FaultPlanTest {
    private static final FaultRates RATES = FaultRates.none()
            .with(FaultKind.SEND_DELAYED, 0.1)
            .with(FaultKind.QUEUE_PAIR_BROKEN, 0.05)
            .with(FaultKind.COMPLETION_DUPLICATED, 0.2);

    private static Operation operation(Point point, int ordinal) {
        return new Operation(
                point, "soft0", 1000 + ordinal, ordinal, 1, false, 0xFE, false, 44, CompletionStatus.SUCCESS, 1);
    }

    private static List<String> decisions(FaultPlan plan, Point point, int ordinal, int count) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(String.valueOf(plan.decide(operation(point, ordinal))));
        }
        return all;
    }

    @Test
    void shouldStrikeTheSameOperationsForTheSameSeed() {
        List<String> once = decisions(FaultPlan.seeded(7, RATES), Point.POST_SEND, 1, 1000);
        assertThat(decisions(FaultPlan.seeded(7, RATES), Point.POST_SEND, 1, 1000))
                .isEqualTo(once);
        assertThat(decisions(FaultPlan.seeded(8, RATES), Point.POST_SEND, 1, 1000))
                .isNotEqualTo(once);
    }

    @Test
    void shouldStrikeTheSameOperationsOfAQueuePairHoweverOthersFallBetweenThem() {
        List<String> alone = decisions(FaultPlan.seeded(7, RATES), Point.POST_SEND, 1, 200);
        FaultPlan mixed = FaultPlan.seeded(7, RATES);
        Random random = new Random(3);
        List<String> amongOthers = new ArrayList<>();
        while (amongOthers.size() < 200) {
            if (random.nextBoolean()) {
                amongOthers.add(String.valueOf(mixed.decide(operation(Point.POST_SEND, 1))));
            } else {
                var _ = mixed.decide(operation(random.nextBoolean() ? Point.POST_SEND : Point.SENT, 2));
            }
        }
        assertThat(amongOthers).isEqualTo(alone);
    }

    @Test
    void shouldStrikeAsOftenAsTheRatesSay() {
        List<String> all = decisions(FaultPlan.seeded(42, RATES), Point.POST_SEND, 1, 20_000);
        assertThat(all.stream().filter(action -> action.startsWith("Hold")).count())
                .isBetween(1800L, 2200L);
        assertThat(all.stream().filter(action -> action.startsWith("Break")).count())
                .isBetween(880L, 1120L);
    }

    @Test
    void shouldRefuseRatesThatMakeNoSense() {
        assertThatThrownBy(() -> RATES.with(FaultKind.SEND_DROPPED, 1.5)).hasMessageContaining("between 0 and 1");
        assertThatThrownBy(() -> RATES.with(FaultKind.TCP_CUT, 0.5)).hasMessageContaining("cannot be planned");
    }

    @Test
    @SmcTest
    void shouldLoseNoByteUnderHarmlessFaults(NodePair pair, SmcServerChannel listener) throws Exception {
        long seed = Long.getLong("smc4j.seed", System.nanoTime());
        System.out.println("harmless faults: -Dsmc4j.seed=" + seed);
        FaultRates rates = FaultRates.none()
                .with(FaultKind.SEND_DELAYED, 0.02)
                .with(FaultKind.COMPLETION_WITHHELD, 0.02)
                .with(FaultKind.RECEIVER_NOT_READY, 0.02)
                .with(FaultKind.COMPLETION_DUPLICATED, 0.02)
                .with(FaultKind.COMPLETED_INSIDE_POST, 0.02)
                .with(FaultKind.SIGNAL_WITHHELD, 0.05)
                .withLongestDelay(Duration.ofMillis(3));
        pair.client().devices().script().follow(FaultPlan.seeded(seed, rates));
        pair.server().devices().script().follow(FaultPlan.seeded(~seed, rates));
        for (TransportPreference transport : List.of(TransportPreference.SMC_R, TransportPreference.SMC_D)) {
            NodePair.Ends ends = pair.connect(listener, transport);
            Bytes.exchange(ends.client(), ends.server(), 5_000_000);
            Bytes.exchange(ends.server(), ends.client(), 5_000_000);
        }
        assertThat(pair.log().total()).isPositive();
        System.out.println("harmless faults: " + pair.log().counts());
    }
}
