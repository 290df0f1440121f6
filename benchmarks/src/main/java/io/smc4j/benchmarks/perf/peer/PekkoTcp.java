package io.smc4j.benchmarks.perf.peer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.io.Inet.SocketOption;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/** Pekko Streams TCP with its defaults, and without Nagle's delay. */
final class PekkoTcp implements StreamTransport {
    private static final int BACKLOG = 1024;
    private static final String LOOPBACK = "127.0.0.1";
    private static final List<SocketOption> NO_DELAY = List.of(TcpSO.tcpNoDelay(true));

    private final SmcSystem system;
    private final Tcp tcp;
    private final Materializer materializer;

    PekkoTcp(SmcSystem system) {
        this.system = system;
        this.tcp = Tcp.get(system.system());
        this.materializer = SystemMaterializer.get(system.system()).materializer();
    }

    @Override
    public StreamsPeer.Listening bind(Flow<ByteString, ByteString, NotUsed> handler) {
        Tcp.ServerBinding binding =
                Await.stage(tcp.bind(LOOPBACK, 0, BACKLOG, NO_DELAY, true, Optional.<Duration>empty())
                        .toMat(Sink.foreach(incoming -> incoming.handleWith(handler, materializer)), Keep.left())
                        .run(materializer));
        return new StreamsPeer.Listening(
                Integer.toString(binding.localAddress().getPort()), () -> Await.stage(binding.unbind()));
    }

    @Override
    public Flow<ByteString, ByteString, CompletionStage<Tcp.OutgoingConnection>> connection(String address) {
        return tcp.outgoingConnection(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address)),
                Optional.empty(),
                NO_DELAY,
                true,
                Optional.<Duration>empty(),
                Optional.<Duration>empty());
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
