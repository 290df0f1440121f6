package io.smc4j.rdma.shm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a futex wait cannot be interrupted
class WaitWordTest {
    private static final long LONG = TimeUnit.HOURS.toNanos(1);

    @Test
    void shouldNotSleepIfTheWordChangedSinceItWasRead() {
        try (Arena arena = Arena.ofShared();
                WaitWord word = new WaitWord(arena.allocate(4, 4))) {
            int seen = word.value();
            word.signal(1);

            word.await(seen, LONG);

            assertThat(word.value()).isNotEqualTo(seen);
        }
    }

    /** @return threads that have all begun */
    private static List<Thread> start(int count, Runnable task) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(count);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                started.countDown();
                task.run();
            }));
        }
        started.await();
        return threads;
    }

    @Test
    void shouldEndEveryWaitBeforeCloseReturnsSoThatMemoryCanGo() throws Exception {
        for (int round = 0; round < 200; round++) {
            Arena arena = Arena.ofShared();
            WaitWord word = new WaitWord(arena.allocate(4, 4));
            int seen = word.value();
            List<Thread> waiters = start(4, () -> word.await(seen, LONG));
            word.close();
            arena.close();
            for (Thread waiter : waiters) {
                waiter.join();
            }
            word.await(seen, LONG);
            word.close();
        }
    }

    @Test
    void shouldWakeTheSleepersOfThisProcessAndThoseWhoComeLate() throws Exception {
        try (Arena arena = Arena.ofShared();
                WaitWord word = new WaitWord(arena.allocate(4, 4))) {
            for (int round = 0; round < 200; round++) {
                int seen = word.value();
                List<Thread> waiters = start(4, () -> {
                    while (word.value() == seen) {
                        word.await(seen, LONG);
                    }
                });
                word.signalOwn(); // some sleep, some are just about to
                for (Thread waiter : waiters) {
                    waiter.join();
                }
            }
        }
    }

    @Test
    void shouldReturnAtOnceFromAWaitOnMemoryThatIsNotMapped() {
        Futex.await(4096, 0, LONG);
        assertThat(Futex.wake(4096, 1)).isZero();
    }

    @Test
    void shouldAllocateNothingEvenBeforeItIsCompiled() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Arena arena = Arena.ofShared();
                WaitWord word = new WaitWord(arena.allocate(4, 4))) {
            long before = 0;
            for (int i = 0; i < 40; i++) { // linked and initialized by the first, far from compiled by the last
                if (i == 20) {
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                word.signal(1);
                word.await(word.value(), 1_000);
                int _ = CpuAffinity.current();
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).isZero();
        }
    }

    @Test
    void shouldReturnWhenTheTimeIsOver() {
        try (Arena arena = Arena.ofShared();
                WaitWord word = new WaitWord(arena.allocate(4, 4))) {
            word.await(word.value(), 1_000);
            word.await(word.value(), 0);
            word.await(word.value(), -1);
        }
    }
}
