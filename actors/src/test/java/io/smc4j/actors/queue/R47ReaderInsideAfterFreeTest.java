package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcException;
import io.smc4j.actors.datapath.Window;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/**
 * a reader still works on a piece of the receive buffer when its connection is freed. A buffer is let go only when nobody
 * is inside a call, and what was lent of it is revoked first: an access is an exception then, not another connection's bytes.
 */
class R47ReaderInsideAfterFreeTest {
    @Test
    void shouldRevokeWhatItLentBeforeItLetsGoOfTheBuffer() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            Side.Owner owner = pair.b.owner();
            pair.a.endpoint.tryWrite(RaceB.data(100), 0, 100);
            pair.settle(link);
            Window window = new Window();
            assertThat(pair.b.endpoint.peek(window)).isEqualTo(100);
            MemorySegment lent = window.memory();
            assertThat(lent.get(ValueLayout.JAVA_BYTE, window.offset())).isNotNull();
            TestInbox<Reply.EndpointDetached> reply = RaceB.detach(owner, pair.b.endpoint);
            owner.settle();
            assertThat(reply.receiveMessage().quiet()).isTrue();
            assertThatThrownBy(() -> lent.get(ValueLayout.JAVA_BYTE, window.offset()))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void shouldNotLetGoOfABufferWhileAReaderIsInside() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            Side.Owner owner = pair.b.owner();
            pair.a.endpoint.tryWrite(RaceB.data(1000), 0, 1000);
            pair.settle(link);
            List<TestInbox<Reply.EndpointDetached>> replies = new ArrayList<>();
            owner.loop.doorbell().parked(true);
            owner.queue().onWakeUp = () -> { // rung by the read below, which is not over yet
                if (replies.isEmpty()) {
                    owner.loop.doorbell().parked(false);
                    replies.add(RaceB.detach(owner, pair.b.endpoint));
                    owner.settle();
                }
            };
            assertThat(RaceB.readAll(pair.b)).isEqualTo(1000);
            assertThat(replies).hasSize(1);
            assertThat(replies.getFirst().hasMessages())
                    .as("detached under the reader")
                    .isFalse();
            pair.settle(link);
            assertThat(replies.getFirst().receiveMessage().quiet()).isTrue();
            assertThatThrownBy(() -> RaceB.readAll(pair.b)).isInstanceOf(SmcException.class);
        }
    }

    @Test
    void shouldNotLetGoOfABufferWhileAWriterIsInside() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            Side.Owner owner = pair.a.owner();
            List<TestInbox<Reply.EndpointDetached>> replies = new ArrayList<>();
            owner.loop.doorbell().parked(true);
            owner.queue().onWakeUp = () -> {
                if (replies.isEmpty()) {
                    owner.loop.doorbell().parked(false);
                    replies.add(RaceB.detach(owner, pair.a.endpoint));
                    owner.settle();
                }
            };
            pair.a.endpoint.tryWrite(RaceB.data(10), 0, 10);
            assertThat(replies.getFirst().hasMessages())
                    .as("detached under the writer")
                    .isFalse();
            pair.settle(link);
            assertThat(replies.getFirst().receiveMessage().quiet()).isTrue();
        }
    }
}
