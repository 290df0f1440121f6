package io.smc4j.actors.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpinnerTest {
    private static final long LONG = TimeUnit.MINUTES.toNanos(1);

    private final AtomicInteger looks = new AtomicInteger();

    private BooleanSupplier trueAfter(int number) {
        return () -> looks.incrementAndGet() > number;
    }

    @Test
    void shouldLookOnceAndNoMoreWhenItParks() throws Exception {
        Spinner park = new Spinner(new WaitSettings(0, 1));
        assertThat(park.spin(trueAfter(1), LONG)).isFalse();
        assertThat(looks).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, Integer.MAX_VALUE})
    void shouldLookUntilItIsSoWhenItNeverSleeps(int looksPerYield) throws Exception {
        Spinner awake = new Spinner(new WaitSettings(WaitSettings.NEVER_SLEEP, looksPerYield));
        assertThat(awake.spin(trueAfter(100_000), LONG)).isTrue();
        assertThat(looks).hasValue(100_001);
    }

    @Test
    void shouldEndWithTheTimeWhenItNeverSleeps() throws Exception {
        Spinner awake = new Spinner(new WaitSettings(WaitSettings.NEVER_SLEEP, Integer.MAX_VALUE));
        assertThat(awake.spin(() -> false, 1_000_000)).isTrue();
    }

    @Test
    void shouldEndWithAnInterruptWhenItNeverSleeps() {
        Spinner awake = new Spinner(new WaitSettings(WaitSettings.NEVER_SLEEP, Integer.MAX_VALUE));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> awake.spin(() -> false, LONG)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void shouldLookForALimitedTimeAndThenLeaveItToASleep() throws Exception {
        Spinner adaptive = new Spinner(WaitSettings.defaults());
        assertThat(adaptive.spin(trueAfter(3), LONG)).isTrue();
        assertThat(adaptive.spin(() -> false, LONG)).isFalse();
    }

    @Test
    void shouldLetVirtualThreadsOnOneCarrierWaitForEachOtherWhenTheyNeverSleep() throws Exception {
        // More of them than carriers, each of which waits for the next: without yielding they would keep the carriers.
        int threads = 4 * Runtime.getRuntime().availableProcessors();
        AtomicInteger turn = new AtomicInteger(threads);
        Thread[] all = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int own = i;
            all[i] = Thread.ofVirtual().start(() -> {
                try {
                    boolean _ = new Spinner(new WaitSettings(WaitSettings.NEVER_SLEEP, Integer.MAX_VALUE))
                            .spin(() -> turn.get() == own + 1, LONG);
                    turn.decrementAndGet();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        for (Thread thread : all) {
            assertThat(thread.join(java.time.Duration.ofSeconds(30))).isTrue();
        }
        assertThat(turn).hasValue(0);
    }
}
