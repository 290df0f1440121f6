package io.smc4j.actors.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smc4j.OutgoingConnection;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.actors.channel.ChannelImpl;
import io.smc4j.actors.channel.MemoryEndpoint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChannelFlowTest {
    private static final int BUFFER = 16;
    private static final int CHUNK = 10;
    private static ActorSystem system;

    private final MemoryEndpoint.Pair pair = MemoryEndpoint.pair(BUFFER);
    private final ChannelImpl ours = pair.left().channel();
    private final ChannelImpl peer = pair.right().channel();

    @BeforeAll
    static void start() {
        system = ActorSystem.create("channel-flow-test");
    }

    @AfterAll
    static void stop() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, SECONDS);
    }

    private Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> flow() {
        return StreamsApi.outgoingConnection(
                () -> CompletableFuture.completedStage(ours), new StreamSettings(CHUNK, 1000));
    }

    /** A stream over the connection with both ends in the test's hands. */
    private record Ends(SourceQueueWithComplete<ByteString> in, SinkQueueWithCancel<ByteString> out) {}

    private Ends run() {
        Pair<SourceQueueWithComplete<ByteString>, SinkQueueWithCancel<ByteString>> ends = Source.<ByteString>queue(
                        1, OverflowStrategy.backpressure())
                .viaMat(flow(), Keep.left())
                .toMat(Sink.<ByteString>queue().withAttributes(Attributes.inputBuffer(1, 1)), Keep.both())
                .run(system);
        return new Ends(ends.first(), ends.second());
    }

    @Test
    void shouldCarryBytesBothWaysInChunks() throws Exception {
        Ends ends = run();
        peer.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
        assertThat(get(ends.out.pull())).contains(bytes(1, 10));
        assertThat(get(ends.out.pull())).contains(bytes(11, 2));
        ends.in.offer(bytes(1, 3).concat(bytes(4, 2)));
        assertThat(receive(5)).isEqualTo(bytes(1, 5));
    }

    @Test
    void shouldGiveTheConnectionAsMaterializedValue() throws Exception {
        CompletionStage<OutgoingConnection> connected = Source.<ByteString>maybe()
                .viaMat(flow(), Keep.right())
                .to(Sink.ignore())
                .run(system);
        assertThat(get(connected).info()).isEqualTo(ours.info());
    }

    @Test
    void shouldPullNoMoreThanThereIsRoomFor() throws Exception {
        AtomicInteger produced = new AtomicInteger();
        UniqueKillSwitch stop = Source.repeat(bytes(1, 4))
                .map(element -> {
                    produced.incrementAndGet();
                    return element;
                })
                .viaMat(KillSwitches.single(), Keep.right())
                .via(flow())
                .to(Sink.ignore())
                .run(system);
        // The connection holds 4 elements, the stage one more; nothing moves until the peer reads.
        await().untilAtomic(produced, org.hamcrest.Matchers.is(BUFFER / 4 + 1));
        for (int read = 1; read <= 50; read++) {
            assertThat(receive(4)).isEqualTo(bytes(1, 4));
            int room = BUFFER / 4 + 1 + read;
            await().pollInterval(Duration.ofMillis(1)).untilAtomic(produced, org.hamcrest.Matchers.is(room));
        }
        await().during(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(10))
                .untilAtomic(produced, org.hamcrest.Matchers.is(BUFFER / 4 + 1 + 50));
        stop.shutdown();
    }

    @Test
    void shouldReadNothingWithoutDemand() throws Exception {
        Ends ends = run();
        ends.in.offer(bytes(9, 1));
        assertThat(receive(1)).isEqualTo(bytes(9, 1)); // the stage runs
        int sent = 0;
        while (peer.tryWrite(ByteBuffer.wrap(new byte[BUFFER])) > 0) {
            sent += 1;
        }
        // Pekko's sink asks for one element ahead; beyond that the peer is stopped.
        await().until(() -> ours.info().bytesRead() == CHUNK);
        long written = fill();
        await().during(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(10))
                .until(() -> ours.info().bytesRead() == CHUNK);
        assertThat(sent).isPositive();
        assertThat(written).isEqualTo(CHUNK + BUFFER);
        get(ends.out.pull());
        await().until(() -> ours.info().bytesRead() == 2 * CHUNK);
    }

    private long fill() throws SmcException {
        int unchanged = 0;
        while (unchanged < 3) {
            unchanged = peer.tryWrite(ByteBuffer.wrap(new byte[BUFFER])) > 0 ? 0 : unchanged + 1;
        }
        return peer.info().bytesWritten();
    }

    @Test
    void shouldGoOnReadingWhenUpstreamFinishesFirst() throws Exception {
        Ends ends = run();
        ends.in.offer(bytes(1, 3));
        ends.in.complete();
        assertThat(receive(3)).isEqualTo(bytes(1, 3));
        assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        peer.write(ByteBuffer.wrap(new byte[] {7}));
        assertThat(get(ends.out.pull())).contains(bytes(7, 1));
        assertThat(pair.left().requests).containsExactly("shutdownOutput");

        peer.shutdownOutput();
        assertThat(get(ends.out.pull())).isEmpty();
        await().untilAsserted(() -> assertThat(pair.left().requests).containsExactly("shutdownOutput", "close"));
    }

    @Test
    void shouldGoOnWritingWhenThePeerEndsFirst() throws Exception {
        Ends ends = run();
        peer.write(ByteBuffer.wrap(new byte[] {7}));
        peer.shutdownOutput();
        assertThat(get(ends.out.pull())).contains(bytes(7, 1));
        assertThat(get(ends.out.pull())).isEmpty();
        ends.in.offer(bytes(1, 3));
        assertThat(receive(3)).isEqualTo(bytes(1, 3));
        assertThat(pair.left().requests).isEmpty();

        ends.in.complete();
        await().untilAsserted(() -> assertThat(pair.left().requests).containsExactly("close"));
        assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void shouldWriteAllThatWasPulledBeforeItHalfCloses() throws Exception {
        CompletionStage<ByteString> received = Source.single(bytes(0, 100))
                .via(flow())
                .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), system);
        assertThat(receive(100)).isEqualTo(bytes(0, 100));
        assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        peer.write(ByteBuffer.wrap(bytes(5, 12).toArray()));
        peer.shutdownOutput();
        assertThat(get(received)).isEqualTo(bytes(5, 12));
    }

    @Test
    void shouldDropWhatComesAndGoOnWritingWhenDownstreamCancels() throws Exception {
        Ends ends = run();
        ends.out.cancel();
        for (int i = 0; i < 50; i++) {
            assertThat(peer.write(ByteBuffer.wrap(new byte[BUFFER]))).isEqualTo(BUFFER);
        }
        ends.in.offer(bytes(1, 3));
        assertThat(receive(3)).isEqualTo(bytes(1, 3));
        assertThat(pair.left().requests).isEmpty();
        ends.in.complete();
        await().untilAsserted(() -> assertThat(pair.left().requests).containsExactly("close"));
    }

    @Test
    void shouldAbortWhenUpstreamFails() throws Exception {
        Ends ends = run();
        ends.in.fail(new IllegalStateException("upstream broke"));
        await().untilAsserted(() -> assertThat(pair.left().requests).containsExactly("abort"));
        assertThatThrownBy(() -> get(ends.out.pull())).hasMessageContaining("upstream broke");
    }

    @Test
    void shouldAbortWhenDownstreamFails() {
        CompletionStage<Done> done = Source.<ByteString>maybe()
                .via(flow())
                .map(element -> {
                    throw new IllegalStateException("downstream broke");
                })
                .runWith(Sink.ignore(), system);
        writeQuietly(new byte[1]);
        await().untilAsserted(() -> assertThat(pair.left().requests).containsExactly("abort"));
        assertThat(done).isCompletedExceptionally();
    }

    @Test
    void shouldFailWithTheReasonWhenTheConnectionFails() throws Exception {
        Ends ends = run();
        CompletionStage<java.util.Optional<ByteString>> waiting = ends.out.pull();
        peer.abort();
        assertThatThrownBy(() -> get(waiting))
                .hasCauseInstanceOf(SmcException.class)
                .hasMessageContaining("peer aborted");
        get(ends.in.watchCompletion()); // upstream is cancelled
    }

    @Test
    void shouldFailWithoutDemandWhenTheConnectionIsTerminated() throws Exception {
        Ends ends = run();
        ends.in.offer(bytes(1, 1));
        assertThat(receive(1)).isEqualTo(bytes(1, 1)); // it runs
        pair.left().abortRequested(); // as the connection's actor would: terminated() fails
        get(ends.in.watchCompletion()); // upstream is cancelled
        assertThatThrownBy(() -> get(ends.out.pull())).hasMessageContaining("peer aborted");
    }

    @Test
    void shouldAbortWhenTheStreamIsStopped() {
        ActorSystem other = ActorSystem.create("stopped");
        Source.<ByteString>maybe().via(flow()).to(Sink.ignore()).run(other);
        await().untilAsserted(() -> {
            assertThat(peer.tryWrite(ByteBuffer.wrap(new byte[1]))).isNotNegative();
            assertThat(ours.info().bytesRead()).isPositive(); // it runs
        });
        other.terminate();
        await().untilAsserted(() -> assertThat(pair.left().requests).containsExactly("abort"));
    }

    @Test
    void shouldFailStreamAndValueWhenItCannotConnect() {
        SmcException reason = new SmcException(SmcException.Category.RETRY, "nobody there");
        Pair<CompletionStage<OutgoingConnection>, CompletionStage<Done>> run = Source.<ByteString>maybe()
                .viaMat(
                        StreamsApi.outgoingConnection(
                                () -> CompletableFuture.failedStage(reason), new StreamSettings(CHUNK, 1000)),
                        Keep.right())
                .toMat(Sink.ignore(), Keep.both())
                .run(system);
        assertThatThrownBy(() -> get(run.first())).hasCause(reason);
        assertThatThrownBy(() -> get(run.second())).hasCause(reason);
    }

    @Test
    void shouldAbortAConnectionThatComesAfterTheStreamEnded() throws Exception {
        CompletableFuture<SmcChannel> connecting = new CompletableFuture<>();
        CompletionStage<OutgoingConnection> value = Source.<ByteString>failed(new IllegalStateException("early"))
                .viaMat(StreamsApi.outgoingConnection(() -> connecting, new StreamSettings(CHUNK, 1000)), Keep.right())
                .to(Sink.ignore())
                .run(system);
        assertThatThrownBy(() -> get(value)).hasMessageContaining("early");
        connecting.complete(ours);
        await().untilAsserted(() -> assertThat(pair.left().requests).containsExactly("abort"));
    }

    @Test
    void shouldDeliverWhatWasOfferedWhileConnecting() throws Exception {
        CompletableFuture<SmcChannel> connecting = new CompletableFuture<>();
        Source.single(bytes(1, 5))
                .via(StreamsApi.outgoingConnection(() -> connecting, new StreamSettings(CHUNK, 1000)))
                .to(Sink.cancelled())
                .run(system);
        connecting.complete(ours);
        assertThat(receive(5)).isEqualTo(bytes(1, 5));
        await().untilAsserted(() -> assertThat(pair.left().requests).containsExactly("close"));
    }

    @Test
    void shouldEchoThroughTinyBuffersUnchanged() throws Exception {
        flow().join(Flow.<ByteString>create()).run(system);
        for (int i = 0; i < 200; i++) {
            ByteString sent = bytes(i, 1 + i % BUFFER);
            peer.write(ByteBuffer.wrap(sent.toArray()));
            assertThat(receive(sent.size())).isEqualTo(sent);
        }
        peer.shutdownOutput();
        assertThat(peer.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        await().untilAsserted(() -> assertThat(pair.left().requests).containsExactly("close"));
    }

    @Test
    void shouldLetTheFlowOfAnIncomingConnectionBeUsedOnceOnly() throws Exception {
        StreamConnection connection = new StreamConnection(ours, new StreamSettings(CHUNK, 1000));
        NotUsed unused = connection.handleWith(
                Flow.create(),
                org.apache.pekko.stream.SystemMaterializer.get(system).materializer());
        assertThat(unused).isNotNull();
        peer.write(ByteBuffer.wrap(bytes(1, 1).toArray()));
        assertThat(receive(1))
                .as("the first stream has the connection, not the second")
                .isEqualTo(bytes(1, 1));
        assertThatThrownBy(() ->
                        get(Source.<ByteString>empty().via(connection.flow()).runWith(Sink.ignore(), system)))
                .hasMessageContaining("once only");
        assertThatThrownBy(connection::channel).isInstanceOf(IllegalStateException.class);
        assertThat(new StreamConnection(ours, new StreamSettings(CHUNK, 1000)).channel())
                .isSameAs(ours);
    }

    private ByteString receive(int count) throws SmcException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining() && peer.read(buffer) >= 0) {}
        return ByteString.fromArray(buffer.array(), 0, buffer.position());
    }

    private void writeQuietly(byte[] bytes) {
        try {
            peer.write(ByteBuffer.wrap(bytes));
        } catch (SmcException e) {
            throw new AssertionError(e);
        }
    }

    /** Bytes first, first + 1, ... */
    private static ByteString bytes(int first, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (first + i);
        }
        return ByteString.fromArray(bytes);
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
