package io.smc4j.actors.stream;

import io.smc4j.ConnectionInfo;
import io.smc4j.IncomingConnection;
import io.smc4j.SmcChannel;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.util.ByteString;

/** An accepted connection, of which either the flow or the channel is used. */
final class StreamConnection implements IncomingConnection {
    private enum Use {
        NONE,
        FLOW,
        CHANNEL
    }

    private final SmcChannel channel;
    private final StreamSettings settings;
    private final AtomicReference<Use> use = new AtomicReference<>(Use.NONE);

    StreamConnection(SmcChannel channel, StreamSettings settings) {
        this.channel = channel;
        this.settings = settings;
    }

    @Override
    public Flow<ByteString, ByteString, NotUsed> flow() {
        return Flow.fromGraph(ChannelFlowStage.ofByteStrings(this::useAsFlow, settings))
                .mapMaterializedValue(connected -> NotUsed.getInstance());
    }

    @Override
    public Flow<MemorySegment, MemorySegment, NotUsed> flowOfSegments() {
        return Flow.fromGraph(ChannelFlowStage.ofSegments(this::useAsFlow, settings))
                .mapMaterializedValue(connected -> NotUsed.getInstance());
    }

    private CompletionStage<SmcChannel> useAsFlow() {
        Use before = use.compareAndExchange(Use.NONE, Use.FLOW);
        return before == Use.NONE
                ? CompletableFuture.completedStage(channel)
                : CompletableFuture.failedStage(new IllegalStateException(
                        before == Use.FLOW
                                ? "The flow of an incoming connection can be materialized once only"
                                : "The channel of this incoming connection is in use, so its flow cannot be"));
    }

    @Override
    public <M> M handleWith(Flow<ByteString, ByteString, M> handler, Materializer materializer) {
        return flow().joinMat(handler, Keep.right()).run(materializer);
    }

    @Override
    public SmcChannel channel() {
        if (use.compareAndExchange(Use.NONE, Use.CHANNEL) == Use.FLOW) {
            throw new IllegalStateException("The flow of this incoming connection is in use, so its channel cannot be");
        }
        return channel;
    }

    @Override
    public ConnectionInfo info() {
        return channel.info();
    }
}
