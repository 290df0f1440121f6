package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/**
 * a CDC message for a connection that is not ready. A token leads somewhere only from the moment at which there is an
 * endpoint, and there is none without its buffers.
 */
class R33CdcBeforeBuffersTest {
    @Test
    void shouldDropACdcWhoseTokenLeadsNowhereYet() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            RaceB.cdc(link, pair.b.token, 1, 100);
            pair.settle(link);
            assertThat(pair.b.owner().loop.counters().get(Counter.CDC_DROPPED)).isEqualTo(1);
            pair.connect(link);
            assertThat(pair.b.endpoint.hasUnread()).isFalse();
        }
    }

    @Test
    void shouldTakeACdcBetweenRegistrationAndOpening() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.b.attach(pair.b.owner(), link.b());
            RaceB.cdc(
                    link,
                    new CdcMessage(1, pair.b.token, new Cursor(0, 100), new Cursor(0, 0), 0, CdcFlags.DONE_WRITING));
            pair.settle(link);
            assertThat(pair.b.edges.flags).containsExactly(CdcFlags.DONE_WRITING);
            assertThat(RaceB.readAll(pair.b)).isEqualTo(100);
            pair.b.open(pair.bSeesA);
            pair.settle(link);
            assertThat(pair.b.edges.violations).isEmpty();
        }
    }

    @Test
    void shouldGiveAConnectionUpWhoseForgedCdcSpeaksOfDataNeverSent() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.b.attach(pair.b.owner(), link.b());
            RaceB.cdc(link, new CdcMessage(1, pair.b.token, new Cursor(0, 0), new Cursor(0, 7), 0, 0));
            pair.settle(link);
            assertThat(pair.b.edges.violations).singleElement().asString().contains("before anything was sent");
            assertThat(link.heardB().failures).as("nobody else suffers").isEmpty();
        }
    }

    @Test
    void shouldDropACdcAfterTheEndpointWasDetached() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            TestInbox<Reply.EndpointDetached> reply = RaceB.detach(pair.b.owner(), pair.b.endpoint);
            pair.settle(link);
            assertThat(reply.receiveMessage().quiet()).isTrue();
            RaceB.cdc(link, pair.b.token, 1, 100);
            pair.settle(link);
            assertThat(pair.b.owner().loop.counters().get(Counter.CDC_DROPPED)).isEqualTo(1);
            assertThat(pair.b.endpoint.hasUnread()).isFalse();
        }
    }
}
