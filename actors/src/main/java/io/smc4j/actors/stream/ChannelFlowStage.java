package io.smc4j.actors.stream;

import io.smc4j.OutgoingConnection;
import io.smc4j.SmcChannel;
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
final class ChannelFlowStage
        extends AbstractGraphStageWithMaterializedValue<
                FlowShape<ByteString, ByteString>, CompletionStage<OutgoingConnection>> {
    private final Inlet<ByteString> in = Inlet.create("Smc.in");
    private final Outlet<ByteString> out = Outlet.create("Smc.out");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
    private final Supplier<CompletionStage<SmcChannel>> connect;
    private final int chunk;

    /**
     * @param connect opens the connection; called once per materialization
     * @param chunk most bytes in an element that comes out
     */
    ChannelFlowStage(Supplier<CompletionStage<SmcChannel>> connect, int chunk) {
        this.connect = connect;
        this.chunk = chunk;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, CompletionStage<OutgoingConnection>> createLogicAndMaterializedValuePair(
            Attributes inheritedAttributes) {
        CompletableFuture<OutgoingConnection> connected = new CompletableFuture<>();
        return Pair.create(new ChannelFlowLogic(shape, connect, chunk, connected), connected.minimalCompletionStage());
    }
}
