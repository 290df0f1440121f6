package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** two validation messages each prove a loss, and the application closes: one abort, one end. */
class R20AbortTwiceTest {
    private static byte[] validation(Side to, int sequence) {
        return CdcCodec.encode(new CdcMessage(
                sequence, to.token, new Cursor(0, 0), new Cursor(0, 0), CdcFlags.FAILOVER_VALIDATION, 0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAbortOnceHoweverOftenALossIsProved(boolean together) throws Exception {
        try (Pair pair = new Pair(2000, 2000)) {
            Pair.Link one = pair.newLink(0);
            Pair.Link two = pair.newLink(0);
            pair.connect(one);
            pair.settle(one, two);
            Side.pair(two.a()).inject(validation(pair.b, 3));
            if (!together) {
                pair.settle(one, two);
            }
            Side.pair(two.a()).inject(validation(pair.b, 4));
            pair.settle(one, two);
            assertThat(pair.b.edges.violations).hasSize(1);
            TestInbox<Reply.EndpointDetached> reply = TestInbox.create();
            pair.b.owner().tell(new Command.DetachEndpoint(pair.b.endpoint, reply.getRef()));
            pair.settle(one, two);
            assertThat(reply.getAllReceived()).hasSize(1);
            assertThat(pair.b.edges.violations).hasSize(1);
        }
    }

    @Test
    void shouldForgetADoubtAboutAnEndpointThatIsDetached() throws Exception {
        try (Pair pair = new Pair(2000, 2000, 2)) {
            Pair.Link one = pair.newLink(0);
            Pair.Link two = pair.newLink(1);
            pair.connect(one);
            pair.settle(one, two);
            Side.Owner home = pair.b.owners.get(0);
            Side.pair(one.a()).inject(validation(pair.b, 9)); // waits for the other owner's queue
            home.settle();
            TestInbox<Reply.EndpointDetached> reply = TestInbox.create();
            home.tell(new Command.DetachEndpoint(pair.b.endpoint, reply.getRef()));
            home.settle();
            assertThat(reply.receiveMessage().quiet()).isTrue();
            pair.settle(one, two); // the other owner answers now
            assertThat(pair.b.edges.violations)
                    .as("nobody is told after the end")
                    .isEmpty();
        }
    }
}
