package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.QueuePair;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** a send error, an event of the device and the link group's own decision break a link at once; one of them wins. */
class R53DuplicateLinkDownTest {
    @ParameterizedTest
    @ValueSource(strings = {"SEM", "SME", "ESM", "EMS", "MSE", "MES"})
    void shouldTellTheLinkOnceWhateverComesFirst(String order) throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link old = pair.newLink(0);
            Pair.Link fresh = pair.newLink(0);
            pair.connect(old);
            Side.Owner owner = pair.a.owner();
            pair.a.endpoint.tryWrite(RaceB.data(100), 0, 100);
            for (char what : order.toCharArray()) {
                switch (what) {
                    case 'S' -> {
                        Side.pair(old.a()).refusal = QueuePair.WRONG_STATE;
                        owner.loop.doWork();
                    }
                    case 'E' -> {
                        owner.device.events.add(new AsyncEvent.QueuePairFatal(
                                old.a().queuePair().number()));
                        owner.device.events.add(new AsyncEvent.QueuePairFatal(
                                old.a().queuePair().number()));
                        owner.loop.pollEvents();
                    }
                    default -> {
                        RaceB.move(owner, old.a(), fresh.a());
                        owner.loop.execute(owner.mailbox.remove());
                    }
                }
            }
            pair.settle(old, fresh);
            assertThat(old.heardA().failures).hasSize(order.startsWith("M") ? 0 : 1);
            assertThat(fresh.heardA().failures).isEmpty();
            assertThat(RaceB.readAll(pair.b)).isEqualTo(100);
        }
    }

    @Test
    void shouldDetachOnceAndForAll() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            List<TestInbox<Reply.LinkDetached>> replies =
                    List.of(RaceB.detach(pair.a.owner(), link.a()), RaceB.detach(pair.a.owner(), link.a()));
            pair.settle(link);
            for (TestInbox<Reply.LinkDetached> reply : replies) {
                assertThat(reply.receiveMessage().flushed()).isTrue();
                assertThat(reply.hasMessages()).isFalse();
            }
            assertThat(pair.a.routes.owners()).isEmpty();
        }
    }
}
