package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.datapath.Doorbell;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnStrategyTest {
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicInteger sleeps = new AtomicInteger();

    private TurnStrategy strategy(int spinTurns, int yieldTurns) {
        return new TurnStrategy(
                new OwnerSettings(1, spinTurns, yieldTurns, Duration.ofMillis(100)),
                () -> {
                    rounds.incrementAndGet();
                    return 0;
                },
                sleeps::incrementAndGet,
                new Doorbell(() -> {}));
    }

    @Test
    void shouldSleepAtOnceWhenItParks() {
        strategy(0, 0).turn();
        assertThat(rounds).hasValue(1);
        assertThat(sleeps).hasValue(1);
    }

    @Test
    void shouldNeverSleepWhenItSpinsOrYields() {
        TurnStrategy spin = strategy(OwnerSettings.FOREVER, 0);
        TurnStrategy yield = strategy(0, OwnerSettings.FOREVER);
        for (int i = 0; i < 1000; i++) {
            spin.turn();
            yield.turn();
        }
        assertThat(sleeps).hasValue(0);
        assertThat(rounds).hasValueGreaterThan(2000);
    }

    @Test
    void shouldLeaveTheWorkToThreadsThatDrive() {
        AtomicInteger ways = new AtomicInteger();
        TurnStrategy lends = new TurnStrategy(
                new OwnerSettings(1, 10, 10, Duration.ofMillis(100)),
                rounds::incrementAndGet,
                sleeps::incrementAndGet,
                new Doorbell(() -> {}),
                () -> ways.get() == 0,
                ways::incrementAndGet);
        lends.turn();
        assertThat(ways).hasValue(1);
        assertThat(rounds).as("it naps instead").hasValue(0);
        lends.turn();
        assertThat(ways).hasValue(1);
        assertThat(rounds).hasPositiveValue();
    }

    @Test
    void shouldSleepInTheEndByDefault() {
        TurnStrategy adaptive = strategy(10, 10);
        for (int i = 0; i < 100 && sleeps.get() == 0; i++) {
            adaptive.turn();
        }
        assertThat(sleeps).hasValue(1);
    }
}
