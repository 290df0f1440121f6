package io.smc4j.benchmarks.perf.peer;

import com.typesafe.config.Config;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.benchmarks.perf.plan.PeerName;
import java.io.IOException;
import java.nio.file.Path;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;

/** Makes the peer of a child process. */
public final class Peers {
    private Peers() {}

    /**
     * The peer of that name.
     *
     * @param config of the actor system, for those that have one
     * @param directory on a memory file system, for files that both ends map
     */
    public static Peer create(PeerName name, Config config, Path directory) throws IOException {
        return switch (name) {
            case RING -> new RingPeer(directory);
            case TCP -> new SocketPeer(SocketPeer.Kind.BLOCKING, directory);
            case TCP_SELECTOR -> new SocketPeer(SocketPeer.Kind.SELECTOR, directory);
            case UDS -> new SocketPeer(SocketPeer.Kind.UNIX, directory);
            case NETTY_NIO -> NettyPeer.nio();
            case NETTY_EPOLL -> NettyPeer.epoll();
            case AERON -> new AeronPeer(directory, () -> BusySpinIdleStrategy.INSTANCE);
            case AERON_BACKOFF -> new AeronPeer(directory, BackoffIdleStrategy::new);
            case PEKKO_TCP -> new StreamsPeer(new PekkoTcp(new SmcSystem(config)));
            case SMC_D, SMC_D_PARK, SMC_D_SPIN, SMC_D_TICKLESS ->
                SmcPeer.copying(new SmcSystem(config), TransportPreference.SMC_D, Transport.SMC_D);
            case SMC_D_IN_PLACE -> SmcPeer.inPlace(new SmcSystem(config), TransportPreference.SMC_D, Transport.SMC_D);
            case SMC_R -> SmcPeer.copying(new SmcSystem(config), TransportPreference.SMC_R, Transport.SMC_R);
            case SMC_D_STREAMS ->
                new StreamsPeer(new SmcStreams(new SmcSystem(config), TransportPreference.SMC_D, Transport.SMC_D));
            case SMC_R_STREAMS ->
                new StreamsPeer(new SmcStreams(new SmcSystem(config), TransportPreference.SMC_R, Transport.SMC_R));
        };
    }
}
