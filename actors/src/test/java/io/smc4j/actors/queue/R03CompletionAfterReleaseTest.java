package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.protocol.cdc.CdcFlags;
import java.lang.foreign.MemorySegment;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** a connection closes while a CDC message of its is in flight; the completion comes afterwards. */
class R03CompletionAfterReleaseTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLetTheEndpointGoOnlyAfterItsLastCompletionGoodOrBad(boolean flushed) throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.a.endpoint.tryWrite(MemorySegment.ofArray(new byte[100]), 0, 100);
            pair.a.owner().queue().withheld = true;
            pair.settle(link);
            pair.a.endpoint.sendStateFlags(CdcFlags.CLOSED);
            TestInbox<Reply.EndpointDetached> reply = TestInbox.create();
            pair.a.owner().tell(new Command.DetachEndpoint(pair.a.endpoint, reply.getRef()));
            if (flushed) {
                Side.pair(link.a()).toError(); // a flush ends it as well
            }
            pair.settle(link);
            pair.a.owner().now += 10_000_000_000L; // nor does time let it go
            pair.settle(link);
            assertThat(reply.hasMessages()).isFalse();
            pair.a.owner().queue().withheld = false;
            pair.settle(link);
            pair.a.owner().now += 10_000_000_000L; // what cannot be sent any more is given up
            pair.settle(link);
            assertThat(reply.receiveMessage().quiet()).isTrue();
        }
    }

    @Test
    void shouldMatchEachCompletionToOneRequestOnly() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.a.endpoint.tryWrite(MemorySegment.ofArray(new byte[100]), 0, 100);
            pair.a.owner().queue().withheld = true;
            pair.settle(link);
            pair.a.owner().queue().pending().forEach(pair.a.owner().queue()::add); // each of them twice
            pair.a.owner().queue().withheld = false;
            pair.settle(link);
            assertThat(pair.a.owner().loop.counters().get(Counter.STALE_COMPLETIONS))
                    .isEqualTo(1);
            TestInbox<Reply.EndpointDetached> reply = TestInbox.create();
            pair.a.owner().tell(new Command.DetachEndpoint(pair.a.endpoint, reply.getRef()));
            pair.settle(link);
            assertThat(reply.receiveMessage().quiet()).isTrue(); // not −1 in flight
        }
    }
}
