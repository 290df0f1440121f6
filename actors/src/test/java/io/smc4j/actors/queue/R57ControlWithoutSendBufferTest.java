package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.protocol.cdc.CdcFlags;
import java.util.Objects;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/** a completion or a close meets a connection whose data buffers are out of use. The peer must hear of the end all the same. */
class R57ControlWithoutSendBufferTest {
    @Test
    void shouldSendTheCloseAndCountCompletionsWithoutTheSendBuffer() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.a.owner().queue().withheld = true;
            pair.a.endpoint.tryWrite(RaceB.data(100), 0, 100);
            pair.settle(link); // executed, not completed
            Objects.requireNonNull(pair.a.sendRegion).close();
            pair.a.endpoint.sendStateFlags(CdcFlags.CLOSED);
            TestInbox<Reply.EndpointDetached> detached = RaceB.detach(pair.a.owner(), pair.a.endpoint);
            pair.settle(link);
            assertThat(pair.b.edges.flags).containsExactly(CdcFlags.CLOSED);
            assertThat(detached.hasMessages()).isFalse();
            pair.a.owner().queue().withheld = false;
            pair.settle(link);
            assertThat(detached.receiveMessage().quiet()).isTrue();
            assertThat(link.heardA().failures).isEmpty();
        }
    }

    @Test
    void shouldTellThePeerTheAbortOfAConnectionThatHasNoKeyOnItsNewLink() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link old = pair.newLink(0);
            Pair.Link fresh = pair.newLink(0);
            pair.connect(old);
            pair.aSeesB.removeRtoken(fresh.a());
            pair.a.endpoint.tryWrite(RaceB.data(100), 0, 100);
            RaceB.move(pair.a.owner(), old.a(), fresh.a());
            pair.settle(old, fresh);
            assertThat(pair.a.edges.violations).singleElement().asString().contains("told no rkey");
            pair.a.endpoint.sendStateFlags(CdcFlags.ABORT); // as its Connection does then
            pair.settle(old, fresh);
            assertThat(pair.b.edges.flags).containsExactly(CdcFlags.ABORT);
            assertThat(fresh.heardA().failures).isEmpty();
        }
    }

    @Test
    void shouldNotWaitForDataToCloseAnotherConnectionOfTheLink() throws Exception {
        try (Pair pair = new Pair(1000, 500)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            SmcrEndpoint other = RaceB.another(pair.a, 99, link.a(), pair.aSeesB);
            pair.a.endpoint.tryWrite(RaceB.data(900), 0, 900); // more than the peer has room for
            pair.settle(link);
            Objects.requireNonNull(pair.a.sendRegion).close();
            other.sendStateFlags(CdcFlags.ABORT);
            pair.settle(link);
            assertThat(other.flagsOutstanding()).isFalse();
            assertThat(link.heardA().failures).isEmpty();
        }
    }
}
