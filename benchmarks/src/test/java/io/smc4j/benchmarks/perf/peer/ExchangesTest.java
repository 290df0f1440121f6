package io.smc4j.benchmarks.perf.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExchangesTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong now = new AtomicLong(-5 * MILLI);

    @Test
    void shouldTimeExchangesOneAfterTheOtherInAClosedLoop() {
        Exchanges exchanges = new Exchanges(10 * MILLI, 0, now::get);
        exchanges.start();
        now.addAndGet(4 * MILLI);
        assertThat(exchanges.next()).isTrue();
        now.addAndGet(7 * MILLI);
        assertThat(exchanges.next()).as("time is over").isFalse();
        assertThat(exchanges.count()).isEqualTo(2);
        assertThat(exchanges.nanos()).isEqualTo(11 * MILLI);
        assertThat(exchanges.times().getMaxValue())
                .isCloseTo(7 * MILLI, org.assertj.core.data.Percentage.withPercentage(0.1));
    }

    @Test
    void shouldCountFromTheIntendedTimeSoThatAStallDelaysAllThatWereMeantToBeSent() {
        // one a millisecond for 20; the first takes 10 ms, all others no time at all; the clock moves when somebody
        // waits for it
        Exchanges exchanges = new Exchanges(20 * MILLI, MILLI, () -> now.getAndAdd(MILLI / 100));
        exchanges.start();
        now.addAndGet(10 * MILLI);
        while (exchanges.next()) {}
        assertThat(exchanges.times().getCountBetweenValues(5 * MILLI, 11 * MILLI))
                .as("the stalled one and those behind it, not only one")
                .isBetween(5L, 7L);
        assertThat(exchanges.count()).isBetween(19L, 22L);
    }
}
