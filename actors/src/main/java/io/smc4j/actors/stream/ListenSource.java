package io.smc4j.actors.stream;

import io.smc4j.IncomingConnection;
import io.smc4j.ServerBinding;
import io.smc4j.SmcServerChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** Accepted connections as a source, listening from when it is materialized. {@link ListenLogic} says how it behaves. */
final class ListenSource
        extends AbstractGraphStageWithMaterializedValue<
                SourceShape<IncomingConnection>, CompletionStage<ServerBinding>> {
    private final Outlet<IncomingConnection> out = Outlet.create("Smc.connections");
    private final SourceShape<IncomingConnection> shape = SourceShape.of(out);
    private final Supplier<CompletionStage<SmcServerChannel>> listen;
    private final StreamSettings settings;

    /**
     * @param listen starts to listen; called once per materialization
     * @param settings of the connections
     */
    ListenSource(Supplier<CompletionStage<SmcServerChannel>> listen, StreamSettings settings) {
        this.listen = listen;
        this.settings = settings;
    }

    @Override
    public SourceShape<IncomingConnection> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, CompletionStage<ServerBinding>> createLogicAndMaterializedValuePair(
            Attributes inheritedAttributes) {
        CompletableFuture<ServerBinding> bound = new CompletableFuture<>();
        return Pair.create(new ListenLogic(shape, listen, settings, bound), bound.minimalCompletionStage());
    }
}
