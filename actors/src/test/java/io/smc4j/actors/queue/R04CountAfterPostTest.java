package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.rdma.QueuePair;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/** the device completes a SEND before the post returns; whoever waits for "nothing in flight" must not see it yet. */
class R04CountAfterPostTest {
    @Test
    void shouldHaveCountedTheRequestWhenItCompletesInsideThePost() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.settle(link);
            pair.fabric.synchronous = true;
            List<Boolean> quiet = new ArrayList<>();
            pair.a.owner().queue().appears = done -> {
                if (!done.receive()) {
                    quiet.add(pair.a.endpoint.isQuiet());
                }
            };
            pair.a.endpoint.sendStateFlags(CdcFlags.CLOSED);
            TestInbox<Reply.EndpointDetached> reply = TestInbox.create();
            pair.a.owner().tell(new Command.DetachEndpoint(pair.a.endpoint, reply.getRef()));
            pair.a.owner().settle();
            assertThat(quiet)
                    .as("quiet inside the post of the last CDC message")
                    .containsExactly(false);
            pair.settle(link);
            assertThat(reply.receiveMessage().quiet()).isTrue();
        }
    }

    @Test
    void shouldTakeTheCountBackWhenThePostIsRefused() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.settle(link);
            Side.pair(link.a()).refusal = QueuePair.QUEUE_FULL;
            pair.a.endpoint.tryWrite(MemorySegment.ofArray(new byte[10]), 0, 10);
            pair.settle(link);
            TestInbox<Reply.EndpointDetached> reply = TestInbox.create();
            pair.a.owner().tell(new Command.DetachEndpoint(pair.a.endpoint, reply.getRef()));
            pair.settle(link);
            assertThat(reply.receiveMessage().quiet()).isTrue();
        }
    }
}
