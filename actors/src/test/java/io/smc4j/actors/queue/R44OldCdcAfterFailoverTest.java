package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** the completion queues of two links are polled in the wrong order, so that an old message comes after newer ones. */
class R44OldCdcAfterFailoverTest {
    /** Messages {@code start}, +1, +2; the last comes over the new link and is polled first. */
    @ParameterizedTest
    @ValueSource(ints = {1, 0x7FFE, 0x7FFF, 0xFFFD, 0xFFFE, 0xFFFF})
    void shouldDropWhatIsOlderWhereverTheCounterStands(int start) throws Exception {
        try (Pair pair = new Pair(2000, 2000, 2)) {
            Pair.Link fresh = pair.newLink(0);
            Pair.Link old = pair.newLink(1);
            pair.connect(fresh);
            Side.Owner ownerOfOld = pair.b.owners.get(1);
            int produced = 0;
            for (int sequence = 0; sequence != start; ) { // up to where the counter is to stand
                sequence = Math.min(start, sequence + 0x4000);
                RaceB.cdc(fresh, pair.b.token, sequence, ++produced);
                pair.settle(fresh);
            }
            ownerOfOld.queue().withheld = true;
            RaceB.cdc(old, pair.b.token, start + 1 & 0xFFFF, 200);
            RaceB.cdc(fresh, pair.b.token, start + 2 & 0xFFFF, 300);
            pair.settle(fresh, old);
            assertThat(RaceB.readAll(pair.b)).isEqualTo(300);
            ownerOfOld.queue().withheld = false;
            pair.settle(fresh, old);
            assertThat(pair.b.owner().loop.counters().get(Counter.CDC_DROPPED)).isEqualTo(1);
            RaceB.cdc(
                    fresh,
                    new CdcMessage(start + 3 & 0xFFFF, pair.b.token, new Cursor(0, 350), new Cursor(0, 0), 0, 0));
            pair.settle(fresh, old);
            assertThat(RaceB.readAll(pair.b)).isEqualTo(50);
            assertThat(pair.b.edges.violations).isEmpty();
        }
    }
}
