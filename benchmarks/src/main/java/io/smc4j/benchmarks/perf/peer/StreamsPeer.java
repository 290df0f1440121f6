package io.smc4j.benchmarks.perf.peer;

import io.smc4j.benchmarks.perf.plan.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Pekko Streams over a transport that has the shape of {@code Tcp}: Pekko's own, or smc4j's. The same streams for both. */
final class StreamsPeer implements Peer {
    private final StreamTransport transport;
    private @Nullable Listening listening;

    StreamsPeer(StreamTransport transport) {
        this.transport = transport;
    }

    /** Something that listens until it is told to stop. */
    record Listening(String address, Runnable stop) {}

    @Override
    public String serve(Work work) {
        Flow<ByteString, ByteString, NotUsed> handler = switch (work.shape()) {
            case EXCHANGE, HOLD ->
                Flow.of(ByteString.class).statefulMapConcat(() -> new Assembler(work.request(), work.echoes())::add);
            case CONNECT -> Flow.fromSinkAndSource(Sink.ignore(), Source.single(ByteString.fromArray(new byte[1])));
        };
        Listening bound = transport.bind(handler);
        listening = bound;
        return bound.address();
    }

    @Override
    public void stop() {
        if (listening != null) {
            listening.stop().run();
            listening = null;
        }
    }

    @Override
    public Session open(Work work, String address) {
        List<StreamConnection> connections = new ArrayList<>();
        for (int i = 0; i < work.connections(); i++) {
            connections.add(connect(work, address));
        }
        return new StreamsSession(connections);
    }

    /** The application's flow joins the connection's: answers go in, requests come out, the first of a run from a queue. */
    private StreamConnection connect(Work work, String address) {
        StreamConnection connection = new StreamConnection(work);
        Flow<ByteString, ByteString, NotUsed> answers =
                Flow.of(ByteString.class).mapConcat(connection::received);
        var materialized = transport
                .connection(address)
                .joinMat(answers.mergeMat(Source.<ByteString>queue(work.chunks()), Keep.right(), true), Keep.both())
                .run(transport.materializer());
        Await.stage(materialized.first());
        connection.first(materialized.second());
        return connection;
    }

    @Override
    public long connectOnce(String address) {
        long start = System.nanoTime();
        var streams = Source.<ByteString>maybe()
                .via(transport.connection(address))
                .toMat(Sink.head(), Keep.both())
                .run(transport.materializer());
        Await.stage(streams.second());
        long nanos = System.nanoTime() - start;
        streams.first().complete(java.util.Optional.empty());
        return nanos;
    }

    @Override
    public void close() {
        transport.close();
    }

    private record StreamsSession(List<StreamConnection> connections) implements Session {
        @Override
        public void run(Exchanges[] exchanges) {
            List<CompletionStage<Void>> runs = new ArrayList<>();
            for (int i = 0; i < exchanges.length; i++) {
                runs.add(connections.get(i).begin(exchanges[i]));
            }
            CompletableFuture.allOf(runs.stream()
                            .map(CompletionStage::toCompletableFuture)
                            .toArray(CompletableFuture[]::new))
                    .join();
        }

        @Override
        public void close() {
            connections.forEach(StreamConnection::close);
        }
    }
}
