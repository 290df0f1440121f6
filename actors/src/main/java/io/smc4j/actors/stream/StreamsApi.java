package io.smc4j.actors.stream;

import io.smc4j.IncomingConnection;
import io.smc4j.OutgoingConnection;
import io.smc4j.ServerBinding;
import io.smc4j.SmcChannel;
import io.smc4j.SmcServerChannel;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Listening and connecting in the shapes of Pekko's {@code Tcp}, for whatever can listen and connect. */
public final class StreamsApi {
    /** Most bytes in an element that comes out of a connection, unless told otherwise. */
    public static final int DEFAULT_CHUNK = 64 * 1024;

    private StreamsApi() {}

    /**
     * A source of accepted connections. Each materialization listens anew; its value completes when it does, and fails (with the
     * stream) if it cannot.
     *
     * @param listen starts to listen
     * @param chunk most bytes in an element that comes out of a connection
     */
    public static Source<IncomingConnection, CompletionStage<ServerBinding>> bind(
            Supplier<CompletionStage<SmcServerChannel>> listen, int chunk) {
        return Source.fromGraph(new ListenSource(listen, chunk));
    }

    /**
     * A flow that is one connection: what goes in is sent, what the peer sends comes out. Each materialization connects anew; its
     * value completes when it is connected, and fails (with the stream) if it cannot be.
     *
     * @param connect opens a connection
     * @param chunk most bytes in an element that comes out
     */
    public static Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> outgoingConnection(
            Supplier<CompletionStage<SmcChannel>> connect, int chunk) {
        return Flow.fromGraph(new ChannelFlowStage(connect, chunk));
    }
}
