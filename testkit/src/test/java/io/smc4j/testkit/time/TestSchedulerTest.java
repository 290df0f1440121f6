package io.smc4j.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Timers of actors end when the test's clock says so. */
class TestSchedulerTest {
    private final BlockingQueue<String> fired = new LinkedBlockingQueue<>();
    private final TestClock clock = TestClock.standing();
    private final ActorSystem<Duration> system = ActorSystem.create(
            Behaviors.withTimers(timers -> Behaviors.receive(Duration.class)
                    .onMessage(Duration.class, after -> {
                        if (after.isNegative()) {
                            fired.add(after.negated().toString());
                        } else {
                            timers.startSingleTimer(after, after.negated(), after);
                            fired.add("armed");
                        }
                        return Behaviors.same();
                    })
                    .build()),
            "timers",
            ConfigFactory.parseString(TestScheduler.CONFIG).withFallback(ConfigFactory.load()));

    @AfterEach
    void stop() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private String next() throws InterruptedException {
        return fired.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void shouldEndTimersInTheirOrderWhenTheClockIsMoved() throws Exception {
        TestScheduler.lead(system, clock);
        system.tell(Duration.ofHours(2));
        system.tell(Duration.ofHours(1));
        assertThat(next()).isEqualTo("armed");
        assertThat(next()).isEqualTo("armed");
        clock.advance(Duration.ofMinutes(59));
        assertThat(fired.poll(50, TimeUnit.MILLISECONDS)).isNull();
        clock.advance(Duration.ofHours(2));
        assertThat(next()).isEqualTo("PT1H");
        assertThat(next()).isEqualTo("PT2H");
    }

    @Test
    void shouldGoOnFromTheTimeItShowsWhenItFlowsAgain() throws Exception {
        TestScheduler.lead(system, clock);
        long before = clock.getAsLong();
        assertThat(clock.getAsLong()).isEqualTo(before);
        system.tell(Duration.ofMillis(10));
        assertThat(next()).isEqualTo("armed");
        clock.flow();
        assertThat(next()).isEqualTo("PT0.01S");
        assertThat(clock.getAsLong()).isGreaterThan(before);
    }

    @Test
    void shouldNotGoBack() {
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1))).hasMessageContaining("does not go back");
    }
}
