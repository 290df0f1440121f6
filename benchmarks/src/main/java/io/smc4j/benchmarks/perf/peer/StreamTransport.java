package io.smc4j.benchmarks.perf.peer;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** What differs between the transports that Pekko Streams run over. */
interface StreamTransport extends AutoCloseable {
    /** Listens and runs {@code handler} with each connection. */
    StreamsPeer.Listening bind(Flow<ByteString, ByteString, NotUsed> handler);

    /** A connection for one stream; its value completes when it is usable, and fails if it is not what was wanted. */
    Flow<ByteString, ByteString, ? extends CompletionStage<?>> connection(String address);

    Materializer materializer();

    @Override
    void close();
}
