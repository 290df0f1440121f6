package io.smc4j.actors.stream;

import io.smc4j.IncomingConnection;
import io.smc4j.OutgoingConnection;
import io.smc4j.ServerBinding;
import io.smc4j.SmcChannel;
import io.smc4j.SmcServerChannel;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Listening and connecting in the shapes of Pekko's {@code Tcp}, for whatever can listen and connect. */
public final class StreamsApi {
    private StreamsApi() {}

    /**
     * A source of accepted connections. Each materialization listens anew; its value completes when it does, and fails (with the
     * stream) if it cannot.
     *
     * @param listen starts to listen
     */
    public static Source<IncomingConnection, CompletionStage<ServerBinding>> bind(
            Supplier<CompletionStage<SmcServerChannel>> listen, StreamSettings settings) {
        return Source.fromGraph(new ListenSource(listen, settings));
    }

    /**
     * A flow that is one connection: what goes in is sent, what the peer sends comes out. Each materialization connects anew; its
     * value completes when it is connected, and fails (with the stream) if it cannot be.
     *
     * @param connect opens a connection
     */
    public static Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> outgoingConnection(
            Supplier<CompletionStage<SmcChannel>> connect, StreamSettings settings) {
        return Flow.fromGraph(ChannelFlowStage.ofByteStrings(connect, settings));
    }

    /** As {@link #outgoingConnection}, in the connection's own memory: an element is valid until the next is asked for. */
    public static Flow<MemorySegment, MemorySegment, CompletionStage<OutgoingConnection>> outgoingSegments(
            Supplier<CompletionStage<SmcChannel>> connect, StreamSettings settings) {
        return Flow.fromGraph(ChannelFlowStage.ofSegments(connect, settings));
    }
}
