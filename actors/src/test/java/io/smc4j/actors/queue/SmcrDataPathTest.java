package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcException;
import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.rdma.QueuePair;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmcrDataPathTest {
    private static MemorySegment bytes(int n) {
        byte[] array = new byte[n];
        for (int i = 0; i < n; i++) {
            array[i] = (byte) (i * 31 + 7);
        }
        return MemorySegment.ofArray(array);
    }

    private static byte[] read(Side side, int most) throws SmcException {
        byte[] target = new byte[most];
        long n = side.endpoint.tryRead(MemorySegment.ofArray(target), 0, most);
        return n <= 0 ? new byte[0] : Arrays.copyOf(target, (int) n);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @Test
    void shouldDeliverBytesWithOneWriteAndOneCdc() throws Exception {
        try (Pair pair = new Pair(1024, 1024)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            assertThat(pair.a.endpoint.tryWrite(bytes(100), 0, 100)).isEqualTo(100);
            pair.settle(link);
            assertThat(read(pair.b, 200)).isEqualTo(bytes(100).toArray(ValueLayout.JAVA_BYTE));
            QueueCounters counters = pair.a.owner().loop.counters();
            assertThat(counters.get(Counter.WRITES)).isEqualTo(1);
            assertThat(counters.get(Counter.CDC_SENT)).isEqualTo(1);
            assertThat(pair.a.endpoint.isQuiet()).isFalse();
        }
    }

    /** The peer reads the first piece, and makes room, while the next ones are under way. */
    @Test
    void shouldSendALongWriteInPieces() throws Exception {
        int size = 256 * 1024;
        try (Pair pair = new Pair(size, size)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            assertThat(pair.a.endpoint.tryWrite(bytes(size), 0, size)).isEqualTo(size);
            pair.settle(link);
            List<Integer> ends = new ArrayList<>();
            for (byte[] message : Side.pair(link.a()).messages) {
                long cursor = CdcCodec.producer(MemorySegment.ofArray(message), 0);
                ends.add(Cursors.wrap(cursor) * size + Cursors.count(cursor));
            }
            assertThat(ends).containsExactly(size / 4, size / 2, size / 4 * 3, size);
            assertThat(read(pair.b, size)).isEqualTo(bytes(size).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** Whatever there is behind a full piece: not held back as a small amount, for it belongs to the same write. */
    @Test
    void shouldNotHoldTheRestOfALongWriteBack() throws Exception {
        int size = 256 * 1024;
        int length = size / 4 + 100;
        try (Pair pair = new Pair(size, size)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            assertThat(pair.a.endpoint.tryWrite(bytes(length), 0, length)).isEqualTo(length);
            int _ = pair.a.owner().turn(); // no completion yet
            QueueCounters counters = pair.a.owner().loop.counters();
            assertThat(counters.get(Counter.CDC_SENT)).isEqualTo(2);
            pair.settle(link);
            assertThat(read(pair.b, size)).isEqualTo(bytes(length).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void shouldSplitAtTheEndsOfBothRingsIntoTwoWrites() throws Exception {
        try (Pair pair = new Pair(700, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            for (int round = 0; round < 50; round++) {
                int n = 333 + round;
                assertThat(pair.a.endpoint.tryWrite(bytes(n), 0, n)).isEqualTo(n);
                byte[] got = new byte[0];
                while (got.length < n) {
                    pair.settle(link);
                    byte[] more = read(pair.b, 1000);
                    assertThat(more).isNotEmpty();
                    got = concat(got, more);
                }
                assertThat(got).isEqualTo(bytes(n).toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    @Test
    void shouldStopWhenThePeerIsFullAndGoOnWhenItReads() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            assertThat(pair.a.endpoint.tryWrite(bytes(1000), 0, 1000)).isEqualTo(1000);
            pair.settle(link);
            assertThat(pair.a.endpoint.tryWrite(bytes(1000), 0, 1000)).isEqualTo(1000);
            pair.settle(link);
            assertThat(pair.a.endpoint.writable()).isFalse();
            assertThat(read(pair.b, 2000)).hasSize(1000);
            pair.settle(link);
            assertThat(read(pair.b, 2000)).hasSize(1000);
            assertThat(pair.a.endpoint.writable()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 80, 101})
    void shouldTellWhereTheUrgentByteEnds(int rmbSize) throws Exception {
        try (Pair pair = new Pair(1000, rmbSize)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            assertThat(pair.a.endpoint.tryWrite(bytes(100), 0, 100)).isEqualTo(100);
            assertThat(pair.a.endpoint.tryWriteUrgent((byte) 33)).isTrue();
            assertThat(pair.a.endpoint.tryWrite(bytes(50), 0, 50)).isEqualTo(50);
            byte[] got = new byte[0];
            for (int round = 0; round < 10; round++) {
                pair.settle(link);
                got = concat(got, read(pair.b, 1000));
            }
            byte[] expected = concat(
                    concat(bytes(100).toArray(ValueLayout.JAVA_BYTE), new byte[] {33}),
                    bytes(50).toArray(ValueLayout.JAVA_BYTE));
            assertThat(got).isEqualTo(expected);
            long marked = 0;
            for (byte[] message : Side.pair(link.a()).messages) {
                MemorySegment cdc = MemorySegment.ofArray(message);
                long cursor = CdcCodec.producer(cdc, 0);
                long end = (long) Cursors.wrap(cursor) * rmbSize + Cursors.count(cursor);
                int flags = CdcCodec.producerFlags(cdc, 0);
                assertThat((flags & CdcFlags.URGENT_PENDING) != 0).isEqualTo(end <= 101);
                assertThat((flags & CdcFlags.URGENT_PRESENT) != 0).isEqualTo(end == 101);
                marked += end == 101 ? 1 : 0;
            }
            assertThat(marked).isOne();
        }
    }

    @Test
    void shouldTakeNoUrgentByteWithoutSpace() throws Exception {
        try (Pair pair = new Pair(100, 100)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            assertThat(pair.a.endpoint.tryWrite(bytes(100), 0, 100)).isEqualTo(100);
            assertThat(pair.a.endpoint.tryWriteUrgent((byte) 33)).isFalse();
            pair.settle(link);
            assertThat(read(pair.b, 1000)).hasSize(100);
            pair.settle(link);
            assertThat(Side.pair(link.a()).messages)
                    .noneMatch(message -> (CdcCodec.producerFlags(MemorySegment.ofArray(message), 0)
                                    & (CdcFlags.URGENT_PENDING | CdcFlags.URGENT_PRESENT))
                            != 0);
        }
    }

    @Test
    void shouldSendStateFlagsBehindAllDataAndTellThePeerOnce() throws Exception {
        try (Pair pair = new Pair(1000, 500)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.a.endpoint.tryWrite(bytes(900), 0, 900);
            pair.a.endpoint.stopWriting();
            pair.a.endpoint.sendStateFlags(CdcFlags.DONE_WRITING);
            pair.settle(link);
            assertThat(pair.b.edges.flags).isEmpty();
            assertThat(read(pair.b, 2000)).hasSize(500);
            pair.settle(link);
            assertThat(pair.b.edges.flags).containsExactly(CdcFlags.DONE_WRITING);
            assertThat(read(pair.b, 2000)).hasSize(400);
            assertThat(pair.b.endpoint.tryRead(bytes(10), 0, 10)).isEqualTo(-1);
            pair.b.endpoint.sendStateFlags(CdcFlags.CLOSED);
            pair.settle(link);
            assertThat(pair.a.edges.flags).containsExactly(CdcFlags.CLOSED);
            assertThatThrownBy(() -> pair.a.endpoint.tryWrite(bytes(1), 0, 1)).isInstanceOf(SmcException.class);
        }
    }

    @Test
    void shouldTellWhenDrained() throws Exception {
        try (Pair pair = new Pair(1000, 500)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.a.endpoint.tryWrite(bytes(900), 0, 900);
            pair.a.endpoint.requestDrained();
            pair.settle(link);
            assertThat(pair.a.edges.drained).isZero();
            read(pair.b, 2000);
            pair.settle(link);
            assertThat(pair.a.edges.drained).isEqualTo(1);
        }
    }

    @Test
    void shouldDropCdcBeforeAttachAndAfterDetach() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            byte[] early = CdcCodec.encode(new CdcMessage(1, pair.b.token, new Cursor(0, 10), new Cursor(0, 0), 0, 0));
            Side.pair(link.a()).inject(early);
            pair.settle(link);
            QueueCounters counters = pair.b.owner().loop.counters();
            assertThat(counters.get(Counter.CDC_DROPPED)).isEqualTo(1);
            pair.connect(link);
            pair.settle(link);
            assertThat(pair.b.endpoint.readable()).isFalse();
            TestInbox<Reply.EndpointDetached> reply = TestInbox.create();
            pair.b.owner().tell(new Command.DetachEndpoint(pair.b.endpoint, reply.getRef()));
            pair.settle(link);
            assertThat(reply.receiveMessage().quiet()).isTrue();
            Side.pair(link.a()).inject(early);
            pair.settle(link);
            assertThat(counters.get(Counter.CDC_DROPPED)).isEqualTo(2);
        }
    }

    @Test
    void shouldAbortOnImpossibleCursors() throws Exception {
        record Case(String name, Cursor producer, Cursor consumer) {}
        for (Case bad : new Case[] {
            new Case("producer beyond the ring", new Cursor(0, 1000), new Cursor(0, 0)),
            new Case("producer more than a ring ahead", new Cursor(1, 1), new Cursor(0, 0)),
            new Case("consumer ahead of the producer", new Cursor(0, 0), new Cursor(0, 1)),
            new Case("consumer beyond the ring", new Cursor(0, 0), new Cursor(0, 5000)),
        }) {
            try (Pair pair = new Pair(1000, 1000)) {
                Pair.Link link = pair.newLink(0);
                pair.connect(link);
                Side.pair(link.a())
                        .inject(CdcCodec.encode(new CdcMessage(1, pair.b.token, bad.producer(), bad.consumer(), 0, 0)));
                pair.settle(link);
                assertThat(pair.b.edges.violations).as(bad.name()).hasSize(1);
                assertThatThrownBy(() -> read(pair.b, 10)).as(bad.name()).isInstanceOf(SmcException.class);
            }
        }
    }

    @Test
    void shouldIgnoreMalformedAndStaleCdcs() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            QueuePair from = link.a().queuePair();
            byte[] shorter = new byte[26];
            shorter[0] = (byte) CdcCodec.TYPE;
            Side.pair(link.a()).inject(shorter);
            Side.pair(link.a())
                    .inject(CdcCodec.encode(
                            new CdcMessage(5, pair.b.token, new Cursor(0, 50), new Cursor(0, 0), 0, 0)));
            Side.pair(link.a())
                    .inject(CdcCodec.encode(
                            new CdcMessage(4, pair.b.token, new Cursor(0, 90), new Cursor(0, 0), 0, 0)));
            pair.settle(link);
            assertThat(from.outstanding()).isPositive();
            assertThat(read(pair.b, 100)).hasSize(50);
            assertThat(pair.b.owner().loop.counters().get(Counter.CDC_DROPPED)).isEqualTo(2);
        }
    }

    @Test
    void shouldCountInFlightBeforePostingWhenTheDeviceCompletesInside() throws Exception {
        try (Pair pair = new Pair(5000, 5000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.fabric.synchronous = true;
            for (int i = 0; i < 100; i++) {
                pair.a.endpoint.tryWrite(bytes(123), 0, 123);
                pair.settle(link);
                assertThat(read(pair.b, 200)).hasSize(123);
            }
            TestInbox<Reply.EndpointDetached> reply = TestInbox.create();
            pair.a.owner().tell(new Command.DetachEndpoint(pair.a.endpoint, reply.getRef()));
            pair.settle(link);
            assertThat(reply.receiveMessage().quiet()).isTrue();
        }
    }

    @Test
    void shouldNotDetachBeforeTheLastCompletionAndNotCountOneTwice() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.a.endpoint.tryWrite(bytes(100), 0, 100);
            pair.a.owner().queue().withheld = true;
            pair.settle(link);
            TestInbox<Reply.EndpointDetached> reply = TestInbox.create();
            pair.a.owner().tell(new Command.DetachEndpoint(pair.a.endpoint, reply.getRef()));
            pair.settle(link);
            assertThat(reply.hasMessages()).isFalse();
            // the same completion twice: the second is stale
            pair.a.owner().queue().pending().forEach(pair.a.owner().queue()::add);
            pair.a.owner().queue().withheld = false;
            pair.settle(link);
            assertThat(reply.receiveMessage().quiet()).isTrue();
            assertThat(pair.a.owner().loop.counters().get(Counter.STALE_COMPLETIONS))
                    .isEqualTo(1);
        }
    }
}
