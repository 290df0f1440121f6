package io.smc4j.system;

import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.BindOptions;
import io.smc4j.IncomingConnection;
import io.smc4j.OutgoingConnection;
import io.smc4j.ServerBinding;
import io.smc4j.TransportPreference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections as Pekko Streams, end to end. */
@Timeout(60)
class StreamsTest {
    private static final int CHUNKS = 400;
    private static final int CHUNK = 10_000;

    private static Source<ByteString, ?> numbered(Traffic traffic) {
        return Source.from(IntStream.range(0, CHUNKS).boxed().toList()).map(i -> {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            traffic.fill(chunk, (long) i * CHUNK);
            return ByteString.fromArrayUnsafe(chunk.array());
        });
    }

    @ParameterizedTest
    @EnumSource(TransportPreference.class)
    void shouldEchoAStreamAndEndWhenItEnds(TransportPreference transport) throws Exception {
        try (TestNodes nodes = TestNodes.start("smc4j.negotiation.recognition-timeout = 50 ms")) {
            Pair<CompletionStage<ServerBinding>, CompletionStage<Done>> server = nodes.server
                    .bind(TestNodes.anyPort(), BindOptions.defaults())
                    .toMat(
                            Sink.<IncomingConnection>foreach(c -> c.handleWith(Flow.create(), materializer(nodes))),
                            Keep.both())
                    .run(nodes.serverSystem);
            ServerBinding binding = await(server.first());
            Traffic traffic = Traffic.random("streams over " + transport);

            Pair<CompletionStage<OutgoingConnection>, CompletionStage<Long>> client = numbered(traffic)
                    .viaMat(
                            nodes.client.outgoingConnection(binding.localAddress(), TestNodes.options(transport)),
                            Keep.right())
                    .toMat(
                            Sink.fold(0L, (Long position, ByteString bytes) -> {
                                traffic.check(bytes.asByteBuffer(), position);
                                return position + bytes.size();
                            }),
                            Keep.both())
                    .run(nodes.clientSystem);

            assertThat(await(client.second())).isEqualTo((long) CHUNKS * CHUNK);
            assertThat(await(client.first()).info().bytesWritten()).isEqualTo((long) CHUNKS * CHUNK);
            await(binding.unbind());
            await(server.second());
        }
    }

    @ParameterizedTest
    @EnumSource(TransportPreference.class)
    void shouldHoldTheSourceBackWhileTheServerDoesNotRead(TransportPreference transport) throws Exception {
        try (TestNodes nodes = TestNodes.start("smc4j.negotiation.recognition-timeout = 50 ms")) {
            AtomicLong offered = new AtomicLong();
            Traffic traffic = Traffic.random("stream back-pressure over " + transport);
            CompletionStage<List<ByteString>> answer = Source.fromIterator(
                            () -> IntStream.iterate(0, i -> i + 1).limit(10_000).iterator())
                    .map(i -> {
                        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
                        traffic.fill(chunk, offered.getAndAdd(CHUNK));
                        return ByteString.fromArrayUnsafe(chunk.array());
                    })
                    .via(nodes.client.outgoingConnection(nodes.listener.localAddress(), TestNodes.options(transport)))
                    .runWith(Sink.seq(), nodes.clientSystem);
            var far = await(nodes.listener.accept());
            AtomicLong seen = new AtomicLong(-1);
            Awaitility.await().pollInterval(java.time.Duration.ofMillis(200)).until(() -> {
                long now = offered.get();
                return now > 0 && seen.getAndSet(now) == now;
            });
            assertThat(offered.get()).as("stopped long before the end").isLessThan(10_000L * CHUNK / 2);

            assertThat(await(traffic.read(far, 100_000))).isEqualTo(10_000L * CHUNK);
            far.write(ByteBuffer.wrap(new byte[] {1, 2, 3})); // half-closed: the other direction goes on
            far.close();
            assertThat(await(answer).stream().mapToInt(ByteString::size).sum()).isEqualTo(3);
        }
    }

    private static org.apache.pekko.stream.Materializer materializer(TestNodes nodes) {
        return org.apache.pekko.stream.SystemMaterializer.get(nodes.serverSystem)
                .materializer();
    }
}
