package io.smc4j.actors.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ControlLoopTest {
    private final ControlLoop loop = ControlLoop.start("loop-under-test");

    @AfterEach
    void stop() throws InterruptedException {
        loop.shutdown();
        assertThat(loop.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(loop.isTerminated()).isTrue();
    }

    /** Sleeps on a semaphore as a selector does: a wake-up is remembered. */
    private static final class Sleeper implements LoopGuest {
        final Semaphore wakeUps = new Semaphore(0);
        final AtomicInteger sleeps = new AtomicInteger();
        final AtomicInteger polls = new AtomicInteger();
        final CountDownLatch ended = new CountDownLatch(1);

        @Override
        public boolean poll() {
            polls.incrementAndGet();
            return false;
        }

        @Override
        public void await() {
            sleeps.incrementAndGet();
            wakeUps.acquireUninterruptibly();
            wakeUps.drainPermits();
        }

        @Override
        public void wakeUp() {
            wakeUps.release();
        }

        @Override
        public void loopEnds() {
            ended.countDown();
        }
    }

    @Test
    void shouldRunTasksInTheirOrderOnOneThread() throws Exception {
        List<Integer> ran = new ArrayList<>();
        CompletableFuture<Thread> last = new CompletableFuture<>();
        for (int i = 0; i < 1000; i++) {
            int number = i;
            loop.execute(() -> ran.add(number));
        }
        loop.execute(() -> last.complete(Thread.currentThread()));
        assertThat(last.get().getName()).isEqualTo("loop-under-test");
        assertThat(ran).hasSize(1000).isSorted();
    }

    @Test
    void shouldBeKnownOnItsOwnThreadOnly() throws Exception {
        assertThat(ControlLoop.current()).isEmpty();
        assertThat(loop.isCurrent()).isFalse();
        assertThat(loop.submit(ControlLoop::current).get()).containsSame(loop);
        assertThat(loop.submit(loop::isCurrent).get()).isTrue();
    }

    @Test
    void shouldGoOnAfterATaskThatThrows() throws Exception {
        CompletableFuture<Throwable> heard = uncaught();
        loop.execute(() -> {
            throw new IllegalStateException("meant");
        });
        assertThat(heard.get()).hasMessage("meant");
        assertThat(loop.submit(() -> 7).get()).isEqualTo(7);
    }

    @Test
    void shouldSleepAgainAfterItWasInterruptedAndSurviveCheckedExceptions() throws Exception {
        Sleeper guest = new Sleeper();
        assertThat(loop.host(guest)).isTrue();
        CompletableFuture<Throwable> heard = uncaught();
        AtomicInteger before = new AtomicInteger(Integer.MAX_VALUE);
        loop.execute(() -> {
            before.set(guest.sleeps.get());
            Thread.currentThread().interrupt();
            ControlLoopTest.<RuntimeException>sneak(new InterruptedException("as Pekko's mailboxes do"));
        });
        assertThat(heard.get()).isInstanceOf(InterruptedException.class);
        await().until(() -> guest.sleeps.get() > before.get());
        assertThat(loop.submit(() -> Thread.currentThread().isInterrupted()).get())
                .isFalse();
    }

    @SuppressWarnings("unchecked") // as Scala throws what Java would have to declare
    private static <E extends Exception> void sneak(Exception checked) throws E {
        throw (E) checked;
    }

    @Test
    void shouldSleepInItsGuestAndBeWokenByATask() throws Exception {
        Sleeper guest = new Sleeper();
        assertThat(loop.host(guest)).isTrue();
        await().until(() -> guest.sleeps.get() > 0);
        int polls = guest.polls.get();
        assertThat(loop.submit(() -> 1).get()).isEqualTo(1);
        await().until(() -> guest.sleeps.get() > 1);
        assertThat(guest.polls.get()).as("looked after the task").isGreaterThan(polls);
    }

    @Test
    void shouldHaveOneGuestAtATime() {
        Sleeper first = new Sleeper();
        Sleeper second = new Sleeper();
        assertThat(loop.host(first)).isTrue();
        assertThat(loop.host(second)).isFalse();
        loop.leave(second);
        assertThat(loop.host(second))
                .as("somebody else's leaving frees no place")
                .isFalse();
        loop.leave(first);
        first.wakeUp();
        await().until(() -> loop.host(second));
    }

    /** Each task is added when the last one has just run: the loop is about to sleep, or falls asleep, or sleeps. */
    @Test
    void shouldLoseNoWakeUp() throws Exception {
        Sleeper guest = new Sleeper();
        assertThat(loop.host(guest)).isTrue();
        for (int i = 0; i < 50_000; i++) {
            int number = i;
            assertThat(loop.submit(() -> number).get()).isEqualTo(number);
            for (int pause = i & 31; pause > 0; pause--) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void shouldRunWhatItHasWhenItIsShutDownAndTakeNoMore() throws Exception {
        Sleeper guest = new Sleeper();
        assertThat(loop.host(guest)).isTrue();
        ConcurrentLinkedQueue<Integer> ran = new ConcurrentLinkedQueue<>();
        CountDownLatch gate = keepBusy();
        loop.execute(() -> ran.add(1));
        loop.shutdown();
        assertThat(loop.isShutdown()).isTrue();
        assertThatThrownBy(() -> loop.execute(() -> ran.add(2)))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("loop-under-test");
        gate.countDown();
        assertThat(loop.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).containsExactly(1);
        assertThat(guest.ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(loop.host(new Sleeper())).isFalse();
    }

    @Test
    void shouldGiveBackWhatItDidNotRunWhenItIsShutDownNow() throws Exception {
        CountDownLatch gate = keepBusy();
        Runnable never = () -> {};
        loop.execute(never);
        assertThat(loop.shutdownNow()).containsExactly(never);
        gate.countDown();
    }

    /** Returns when the loop is in a task that ends when the latch is counted down. */
    private CountDownLatch keepBusy() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        loop.execute(() -> {
            busy.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        busy.await();
        return gate;
    }

    /** What a task of the loop throws. Not the default handler: whoever awaits something takes that for a failure of his own. */
    private CompletableFuture<Throwable> uncaught() throws Exception {
        CompletableFuture<Throwable> heard = new CompletableFuture<>();
        loop.submit(() -> Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> heard.complete(e)))
                .get();
        return heard;
    }
}
