package io.smc4j.benchmarks.perf.peer;

import io.smc4j.BindOptions;
import io.smc4j.ConnectOptions;
import io.smc4j.ServerBinding;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/** smc4j's streams. */
final class SmcStreams implements StreamTransport {
    private static final int BACKLOG = 1024;

    private final SmcSystem system;
    private final TransportPreference preference;
    private final Transport transport;
    private final Materializer materializer;

    SmcStreams(SmcSystem system, TransportPreference preference, Transport transport) {
        this.system = system;
        this.preference = preference;
        this.transport = transport;
        this.materializer = SystemMaterializer.get(system.system()).materializer();
    }

    @Override
    public StreamsPeer.Listening bind(Flow<ByteString, ByteString, NotUsed> handler) {
        BindOptions options = BindOptions.defaults().withTransport(preference).withBacklog(BACKLOG);
        ServerBinding binding = Await.stage(system.smc()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), options)
                .toMat(Sink.foreach(incoming -> incoming.handleWith(handler, materializer)), Keep.left())
                .run(materializer));
        return new StreamsPeer.Listening(
                Integer.toString(binding.localAddress().getPort()), () -> Await.stage(binding.unbind()));
    }

    @Override
    public Flow<ByteString, ByteString, ? extends CompletionStage<?>> connection(String address) {
        InetSocketAddress remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address));
        return system.smc()
                .outgoingConnection(remote, ConnectOptions.defaults().withTransport(preference))
                .mapMaterializedValue(connected -> connected.thenApply(connection -> {
                    Transport actual = connection.info().transport();
                    if (actual != transport) {
                        throw new IllegalStateException("wanted " + transport.label() + ", got " + actual.label() + ": "
                                + connection.info().fallback());
                    }
                    return connection;
                }));
    }

    @Override
    public Materializer materializer() {
        return materializer;
    }

    @Override
    public void close() {
        system.close();
    }
}
