package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/** R-16 at the owner of the completion queue: all slots are taken, senders wait, and the link is cleared. */
class R16WaitingForSlotTest {
    @Test
    void shouldRefuseEveryWaiterBeforeTheLinkIsLetGo() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.settle(link);
            pair.a.owner().queue().withheld = true;
            List<TestInbox<Reply.LlcSent>> senders = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                TestInbox<Reply.LlcSent> sender = TestInbox.create();
                senders.add(sender);
                pair.a.owner().tell(new Command.SendLlc(link.a(), new byte[44], sender.getRef()));
            }
            pair.settle(link);
            assertThat(senders).noneMatch(TestInbox::hasMessages);

            TestInbox<Reply.LinkDetached> detached = TestInbox.create();
            pair.a.owner().tell(new Command.DetachLink(link.a(), Duration.ofSeconds(5), detached.getRef()));
            pair.settle(link);
            assertThat(detached.hasMessages()).isFalse();
            for (TestInbox<Reply.LlcSent> waiting : senders.subList(OwnedLink.LLC_SLOTS, senders.size())) {
                assertThat(waiting.getAllReceived())
                        .extracting(Reply.LlcSent::sent)
                        .containsExactly(false);
            }
            pair.a.owner().queue().withheld = false;
            pair.settle(link);
            assertThat(detached.receiveMessage().flushed()).isTrue();
            for (TestInbox<Reply.LlcSent> posted : senders.subList(0, OwnedLink.LLC_SLOTS)) {
                assertThat(posted.getAllReceived()).as("each is told once").hasSize(1);
            }
        }
    }
}
