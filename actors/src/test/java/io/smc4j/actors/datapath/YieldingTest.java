package io.smc4j.actors.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class YieldingTest {
    private static final long MILLIS = 1_000_000;

    private long now = -20 * MILLIS; // System.nanoTime may be negative, and come by zero
    private long yieldTakes = 1_000;
    private int yields;

    private final Yielding yielding = new Yielding(() -> now, () -> {
        yields++;
        now += yieldTakes;
    });

    @Test
    void shouldYieldEachTimeWhileNobodyWantsTheCore() {
        for (int i = 0; i < 100; i++) {
            assertThat(yielding.wasLong()).isFalse();
        }
        assertThat(yields).isEqualTo(100);
    }

    /** Else each message costs a time slice on a busy machine. */
    @Test
    void shouldNotYieldAgainForAWhileAfterItTookLong() {
        yieldTakes = 4 * MILLIS;
        assertThat(yielding.wasLong()).isTrue();
        for (int i = 0; i < 49; i++) {
            now += MILLIS / 10;
            assertThat(yielding.wasLong()).isTrue();
        }
        assertThat(yields).isEqualTo(1);

        now += MILLIS / 10;
        yieldTakes = 1_000;
        assertThat(yielding.wasLong()).as("others have ended").isFalse();
        assertThat(yielding.wasLong()).isFalse();
        assertThat(yields).isEqualTo(3);
    }

    @Test
    void shouldYieldTheMoreSeldomTheLongerTheMachineIsBusy() {
        yieldTakes = 4 * MILLIS;
        for (long end = now + 10_000 * MILLIS; now - end < 0; now += MILLIS / 10) {
            assertThat(yielding.wasLong()).isTrue();
        }
        assertThat(yields).isBetween(100, 130);
    }
}
