package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/** a CDC message has found its connection by the token, and the connection is unregistered before it is delivered. */
class R05LookupVersusUnregisterTest {
    @Test
    void shouldDropAMessageWhoseEndpointWasDetachedBetweenLookupAndDelivery() throws Exception {
        try (Pair pair = new Pair(1000, 1000, 2)) {
            Pair.Link one = pair.newLink(0);
            Pair.Link two = pair.newLink(1);
            pair.connect(one);
            pair.settle(one, two);
            Side.Owner home = pair.b.owners.get(0);
            Side.Owner other = pair.b.owners.get(1);
            // The message arrives on the other owner's link: looked up there, delivered by the owner of the endpoint.
            Side.pair(two.a())
                    .inject(CdcCodec.encode(
                            new CdcMessage(1, pair.b.token, new Cursor(0, 70), new Cursor(0, 0), 0, 0)));
            other.loop.doWork();
            assertThat(other.loop.counters().get(Counter.CDC_FORWARDED)).isEqualTo(1);
            assertThat(home.mailbox).hasSize(1); // between the two
            Command forwarded = home.mailbox.remove();

            TestInbox<Reply.EndpointDetached> reply = TestInbox.create();
            home.tell(new Command.DetachEndpoint(pair.b.endpoint, reply.getRef()));
            home.settle();
            assertThat(reply.receiveMessage().quiet()).isTrue();
            home.loop.execute(forwarded);
            home.settle();
            assertThat(home.loop.counters().get(Counter.CDC_DROPPED)).isEqualTo(1);
            assertThat(home.loop.counters().get(Counter.CDC_RECEIVED)).isZero();
            assertThat(pair.b.endpoint.hasUnread()).isFalse();
        }
    }
}
