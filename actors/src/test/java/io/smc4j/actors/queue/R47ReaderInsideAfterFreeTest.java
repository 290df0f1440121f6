package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.actors.datapath.Endpoint;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/**
 * a reader still works on a piece of the receive buffer when its connection is freed. Nothing of a buffer is ever lent: reads
 * copy, and a buffer is let go only when nobody is inside a call.
 */
class R47ReaderInsideAfterFreeTest {
    @Test
    void shouldLendNoMemoryToTheApplication() {
        for (Class<?> type : List.of(SmcChannel.class, Endpoint.class)) {
            for (Method method : type.getMethods()) {
                assertThat(method.getReturnType())
                        .as("%s", method)
                        .isNotIn(MemorySegment.class, ByteBuffer.class, ByteBuffer[].class);
            }
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
