package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.datapath.CdcSlot;
import io.smc4j.actors.queue.QueueCounters.Counter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/** a request completes inside its post; what the completion needs must be in place by then. */
class R17CompletionBeforeInitTest {
    @Test
    void shouldKnowTheEndpointOfACdcBeforeItIsPosted() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.settle(link);
            pair.fabric.synchronous = true;
            List<String> known = new ArrayList<>();
            pair.a.owner().queue().appears = done -> {
                if (!done.receive() && WorkRequestId.kind(done.id()) == WorkRequestId.CDC) {
                    CdcSlot slot = link.a()
                            .cdcSlot(WorkRequestId.slotIndex(done.id()), WorkRequestId.slotGeneration(done.id()));
                    known.add(slot != null && slot.endpoint() == pair.a.endpoint ? "known" : "unknown");
                }
            };
            pair.a.endpoint.tryWrite(MemorySegment.ofArray(new byte[10]), 0, 10);
            pair.settle(link);
            assertThat(known).containsExactly("known");
            assertThat(pair.a.owner().loop.counters().get(Counter.STALE_COMPLETIONS))
                    .isZero();
        }
    }

    @Test
    void shouldKnowWhoWaitsForAnLlcMessageBeforeItIsPosted() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.fabric.synchronous = true;
            List<Boolean> idle = new ArrayList<>();
            pair.a.owner().queue().appears = done -> {
                if (!done.receive()) {
                    idle.add(link.a().llc().isIdle());
                }
            };
            TestInbox<Reply.LlcSent> sent = TestInbox.create();
            pair.a.owner().tell(new Command.SendLlc(link.a(), new byte[44], sent.getRef()));
            pair.settle(link);
            assertThat(idle).containsExactly(false);
            assertThat(sent.receiveMessage().sent()).isTrue();
        }
    }
}
