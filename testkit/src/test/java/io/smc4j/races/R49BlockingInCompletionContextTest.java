package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * the last reference to a link or group is dropped by a completion, and what sleeps (deregistering memory, destroying a
 * queue pair) runs on the thread that polls completions. It never does: it runs where blocking calls run.
 */
@Timeout(60)
class R49BlockingInCompletionContextTest {
    private static final String BLOCKING = "smc4j-test-blocking";

    @Test
    void shouldDestroyNothingOnTheThreadsOfActorsWhenCompletionsEndALinkGroup() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            BenchB.open(bench, server, server.link1(), 2);
            server.link1().withholding = true;
            server.link1().breakNow();
            server.link1().releaseCompletions(); // the last flush is what everything waits for
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
            assertThat(bench.device().closers).containsExactly(BLOCKING);
        }
    }

    @Test
    void shouldQuarantineABufferOnTheBlockingThreadsToo() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            BenchB.first(server).kill();
            BenchB.expectDelete(server.link1(), server.offer()); // never answered
            int before = bench.device().openRegions();
            bench.everythingHeard(server.link1());
            bench.advance(Duration.ofSeconds(2));
            server.link1().breakNow();
            BenchA.until(() -> assertThat(bench.device().openRegions()).isLessThan(before));
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
            assertThat(bench.device().closers).containsExactly(BLOCKING);
        }
    }
}
