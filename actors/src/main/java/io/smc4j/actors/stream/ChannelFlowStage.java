package io.smc4j.actors.stream;

import io.smc4j.OutgoingConnection;
import io.smc4j.SmcChannel;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/** One connection as a flow of bytes, opened when it is materialized. {@link ChannelFlowLogic} says how it behaves. */
final class ChannelFlowStage<T>
        extends AbstractGraphStageWithMaterializedValue<FlowShape<T, T>, CompletionStage<OutgoingConnection>> {
    private final Inlet<T> in = Inlet.create("Smc.in");
    private final Outlet<T> out = Outlet.create("Smc.out");
    private final FlowShape<T, T> shape = FlowShape.of(in, out);
    private final Supplier<CompletionStage<SmcChannel>> connect;
    private final Supplier<ElementInput<T>> input;
    private final Supplier<ElementOutput<T>> output;
    private final long patienceNanos;

    /**
     * @param connect opens the connection; called once per materialization
     * @param input makes what turns bytes into elements
     * @param output makes what turns elements into bytes
     */
    private ChannelFlowStage(
            Supplier<CompletionStage<SmcChannel>> connect,
            Supplier<ElementInput<T>> input,
            Supplier<ElementOutput<T>> output,
            long patienceNanos) {
        this.connect = connect;
        this.input = input;
        this.output = output;
        this.patienceNanos = patienceNanos;
    }

    static ChannelFlowStage<ByteString> ofByteStrings(
            Supplier<CompletionStage<SmcChannel>> connect, StreamSettings settings) {
        return new ChannelFlowStage<>(
                connect, () -> new ByteStringInput(settings.chunk()), ByteStringOutput::new, settings.patienceNanos());
    }

    static ChannelFlowStage<MemorySegment> ofSegments(
            Supplier<CompletionStage<SmcChannel>> connect, StreamSettings settings) {
        return new ChannelFlowStage<>(
                connect, () -> new SegmentInput(settings.chunk()), SegmentOutput::new, settings.patienceNanos());
    }

    @Override
    public FlowShape<T, T> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, CompletionStage<OutgoingConnection>> createLogicAndMaterializedValuePair(
            Attributes inheritedAttributes) {
        CompletableFuture<OutgoingConnection> connected = new CompletableFuture<>();
        return Pair.create(
                new ChannelFlowLogic<>(shape, connect, input.get(), output.get(), patienceNanos, connected),
                connected.minimalCompletionStage());
    }
}
