package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.queue.QueueCounters;
import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** an alert token comes again while messages with it are still on their way. Tokens count up, round the whole range. */
@Timeout(60)
class R50TokenReuseTest {
    @Test
    void shouldNotLeadAnOldCdcToTheNextConnection() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            FakeQpA link = server.link1();
            QueueCounters counters = bench.node.rdma().getFirst().queue().counters();
            BenchB.first(server).kill();
            LlcDeleteRkey request = BenchB.expectDelete(link, server.offer());
            link.receive(request.answer(List.of()));
            BenchB.Open next = BenchB.open(bench, server, link, 2);
            assertThat(next.end().alertToken()).isNotEqualTo(server.offer().alertToken());
            long taken = counters.get(Counter.CDC_RECEIVED);
            long dropped = counters.get(Counter.CDC_DROPPED);
            link.receive(BenchB.cdc(1, server.offer().alertToken(), 100));
            BenchA.until(() -> assertThat(counters.get(Counter.CDC_DROPPED)).isEqualTo(dropped + 1));
            assertThat(counters.get(Counter.CDC_RECEIVED)).isEqualTo(taken);
            link.receive(BenchB.cdc(1, next.end().alertToken(), 100));
            BenchA.until(() -> assertThat(counters.get(Counter.CDC_RECEIVED)).isEqualTo(taken + 1));
        }
    }

    @Test
    void shouldSkipZeroAndWhatIsInUseWhenTheCounterGoesRound() throws Exception {
        try (BenchA bench = new BenchA()) {
            bench.node.tokens().set(-3);
            BenchA.Listed server = bench.listedServer(1);
            FakeQpA link = server.link1();
            assertThat(server.offer().alertToken()).isEqualTo(-2);
            assertThat(BenchB.open(bench, server, link, 2).end().alertToken()).isEqualTo(-1);
            assertThat(BenchB.open(bench, server, link, 3).end().alertToken()).isEqualTo(1);
            bench.node.tokens().set(-3); // once round
            assertThat(BenchB.open(bench, server, link, 4).end().alertToken())
                    .as("-2, -1 and 1 are in use")
                    .isEqualTo(2);
        }
    }
}
