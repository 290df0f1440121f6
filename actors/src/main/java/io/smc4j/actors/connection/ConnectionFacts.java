package io.smc4j.actors.connection;

import io.smc4j.ConnectionInfo;
import io.smc4j.LinkGroupInfo;
import io.smc4j.Transport;
import io.smc4j.actors.datapath.Endpoint;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What {@link io.smc4j.SmcChannel#info} tells: written by the actor, read by any thread. */
final class ConnectionFacts {
    private final Transport transport;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final Supplier<LinkGroupInfo> group;
    private volatile @Nullable Endpoint endpoint;
    private volatile int failovers;

    ConnectionFacts(
            Transport transport, InetSocketAddress local, InetSocketAddress remote, Supplier<LinkGroupInfo> group) {
        this.transport = transport;
        this.local = local;
        this.remote = remote;
        this.group = group;
    }

    void endpoint(Endpoint attached) {
        endpoint = attached;
    }

    /** Only the actor calls it. */
    void failedOver(int total) {
        failovers = total;
    }

    ConnectionInfo info() {
        Endpoint now = endpoint;
        return new ConnectionInfo(
                transport,
                local,
                remote,
                Optional.of(group.get()),
                Optional.empty(),
                now == null ? 0 : now.bytesRead(),
                now == null ? 0 : now.bytesWritten(),
                failovers);
    }
}
