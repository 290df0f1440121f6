package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/** a link is cleared while flushed receives are still unpolled in the completion queue. */
class R18FlushAfterBufferFreeTest {
    @Test
    void shouldLetTheReceiveBuffersGoOnlyAfterTheLastFlush() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.settle(link);
            var queue = pair.a.owner().queue();
            queue.withheld = true;
            TestInbox<Reply.LinkDetached> reply = TestInbox.create();
            pair.a.owner().tell(new Command.DetachLink(link.a(), Duration.ofSeconds(5), reply.getRef()));
            pair.settle(link);
            int flushes = queue.pending().size();
            assertThat(flushes).isEqualTo(OwnedLink.RECEIVES);
            queue.withheld = false;
            queue.most = flushes - 1;
            pair.settle(link);
            assertThat(queue.pending()).hasSize(1);
            assertThat(reply.hasMessages()).as("freed with a flush outstanding").isFalse();
            queue.most = 1;
            pair.settle(link);
            assertThat(reply.receiveMessage().flushed()).isTrue();
        }
    }
}
