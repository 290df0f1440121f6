package io.smc4j.actors.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TicklessSchedulerTest {
    private static final Duration SOON = Duration.ofMillis(5);
    private static final Duration NEVER = Duration.ofDays(200);

    private final ActorSystem system = ActorSystem.create(
            "tickless",
            ConfigFactory.parseString("pekko.scheduler.implementation = \"" + TicklessScheduler.class.getName() + "\"")
                    .withFallback(ConfigFactory.load()));
    private final Scheduler scheduler = system.scheduler();

    @AfterEach
    void end() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Cancellable after(Duration delay, Runnable action) {
        return scheduler.scheduleOnce(delay, action, system.dispatcher());
    }

    @Test
    void shouldBeTheActorSystemsScheduler() {
        assertThat(scheduler).isInstanceOf(TicklessScheduler.class);
    }

    @Test
    void shouldRunATimerOnceAndNotBeforeItsTime() throws Exception {
        long start = System.nanoTime();
        CompletableFuture<Long> ran = new CompletableFuture<>();
        Cancellable timer = after(Duration.ofMillis(30), () -> ran.complete(System.nanoTime()));
        assertThat(ran.get() - start).isGreaterThanOrEqualTo(30_000_000L);
        assertThat(timer.cancel()).as("cancelled after it ran").isFalse();
        assertThat(timer.isCancelled()).isFalse();
    }

    @Test
    void shouldRunTimersInTheOrderOfTheirTimes() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        after(Duration.ofMillis(60), () -> first.complete("later"));
        after(Duration.ofMillis(5), () -> first.complete("sooner"));
        assertThat(first.get()).isEqualTo("sooner");
    }

    @Test
    void shouldRunAPeriodicTimerUntilItIsCancelled() throws Exception {
        CountDownLatch three = new CountDownLatch(3);
        Cancellable timer = scheduler.scheduleAtFixedRate(SOON, SOON, three::countDown, system.dispatcher());
        three.await();
        assertThat(timer.cancel()).isTrue();
        assertThat(timer.cancel()).as("a second time").isFalse();
        assertThat(timer.isCancelled()).isTrue();
    }

    @Test
    void shouldRunADelayedTimerUntilItIsCancelled() throws Exception {
        CountDownLatch three = new CountDownLatch(3);
        Cancellable timer = scheduler.scheduleWithFixedDelay(SOON, SOON, three::countDown, system.dispatcher());
        three.await();
        assertThat(timer.cancel()).isTrue();
    }

    @Test
    void shouldNotRunACancelledTimer() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 3000; i++) { // so many that cancelled ones are cleared away
            assertThat(after(Duration.ofMillis(20), ran::incrementAndGet).cancel())
                    .isTrue();
        }
        CompletableFuture<Integer> last = new CompletableFuture<>();
        after(Duration.ofMillis(40), () -> last.complete(ran.get()));
        assertThat(last.get()).isZero();
    }

    @Test
    void shouldSleepWhileNoTimerIsDue() throws Exception {
        long before = wakeUps();
        CompletableFuture<Void> ran = new CompletableFuture<>();
        after(Duration.ofMillis(300), () -> ran.complete(null));
        ran.get();
        assertThat(wakeUps() - before).as("wake-ups in 300 ms").isLessThan(8);
    }

    private static long wakeUps() {
        var threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        int found = 0;
        for (var info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && info.getThreadName().startsWith("tickless-scheduler")) {
                sum += info.getWaitedCount();
                found++;
            }
        }
        assertThat(found).as("threads of the scheduler").isEqualTo(1);
        return sum;
    }

    @Test
    void shouldGoOnAfterATimerThatItsExecutorRefuses() throws Exception {
        scheduler.scheduleOnce(SOON, () -> {}, new scala.concurrent.ExecutionContext() {
            @Override
            public void execute(Runnable runnable) {
                throw new IllegalStateException("refused on purpose");
            }

            @Override
            public void reportFailure(Throwable cause) {}
        });
        CompletableFuture<Void> ran = new CompletableFuture<>();
        after(Duration.ofMillis(20), () -> ran.complete(null));
        ran.get();
    }

    /** Pekko's dispatchers end by timers that are run when the scheduler ends. */
    @Test
    void shouldRunWhatIsLeftOnceWhenTheActorSystemEnds() throws Exception {
        AtomicInteger once = new AtomicInteger();
        AtomicInteger periodic = new AtomicInteger();
        AtomicInteger cancelled = new AtomicInteger();
        after(NEVER, once::incrementAndGet);
        after(NEVER, () -> {
            throw new IllegalStateException("a timer that fails on purpose");
        });
        scheduler.scheduleAtFixedRate(NEVER, NEVER, periodic::incrementAndGet, system.dispatcher());
        after(NEVER, cancelled::incrementAndGet).cancel();
        end();
        assertThat(once).hasValue(1);
        assertThat(periodic).hasValue(1);
        assertThat(cancelled).hasValue(0);
        assertThatThrownBy(() -> after(SOON, () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("shut down");
    }
}
