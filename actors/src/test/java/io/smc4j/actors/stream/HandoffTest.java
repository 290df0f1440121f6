package io.smc4j.actors.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HandoffTest {
    private final List<String> disposed = new ArrayList<>();
    private final Handoff<String> handoff = new Handoff<>(disposed::add);

    @Test
    void shouldGiveWhatWasPutOnce() {
        handoff.put("a");
        assertThat(handoff.take()).isEqualTo("a");
        assertThat(handoff.take()).isNull();
        handoff.close();
        assertThat(disposed).isEmpty();
    }

    @Test
    void shouldDisposeOfWhatNobodyTook() {
        handoff.put("a");
        handoff.close();
        handoff.put("b");
        assertThat(disposed).containsExactly("a", "b");
        assertThat(handoff.take()).isNull();
    }

    @Test
    void shouldGiveEachThingToExactlyOneSideInARace() throws InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            AtomicInteger count = new AtomicInteger();
            Handoff<String> contested = new Handoff<>(thing -> count.incrementAndGet());
            CountDownLatch start = new CountDownLatch(1);
            Thread putter = Thread.ofVirtual().start(() -> {
                awaitQuietly(start);
                contested.put("x");
            });
            start.countDown();
            if (contested.take() != null) {
                count.incrementAndGet();
            }
            contested.close();
            putter.join();
            assertThat(count).hasValue(1);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
