package io.smc4j.actors.handshake;

import io.smc4j.ConnectionInfo;
import io.smc4j.FallbackReason;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.Transport;
import io.smc4j.actors.channel.ChannelControl;
import io.smc4j.actors.channel.ChannelImpl;
import io.smc4j.actors.datapath.EndpointListener;
import io.smc4j.actors.tcp.ClcStream;
import io.smc4j.actors.tcp.TcpEndpoint;
import io.smc4j.actors.tcp.TcpReadiness;
import io.smc4j.config.CloseSettings;
import io.smc4j.protocol.cdc.CdcFlags;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;

/**
 * A connection that fell back: the kernel's TCP does everything, so no actor owns it, the application does. Thread-safe.
 */
final class FallbackConnection implements ChannelControl, EndpointListener {
    /** Spinning on a socket costs a system call each time and gains nothing that was measurable. */
    private static final long NO_SPIN = 0;

    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final FallbackReason reason;
    private final TcpEndpoint endpoint;
    private final CompletableFuture<Done> terminated = new CompletableFuture<>();
    private final Duration drainTimeout;
    private volatile boolean abortedByPeer;
    private volatile boolean outputEnds;
    private volatile boolean ends;

    private FallbackConnection(ClcStream stream, TcpReadiness readiness, FallbackReason reason, Duration drainTimeout)
            throws SmcException {
        this.drainTimeout = drainTimeout;
        this.local = stream.localAddress();
        this.remote = stream.remoteAddress();
        this.reason = reason;
        ClcStream.HandOver handOver = stream.handOverElsewhere();
        // Its callbacks are the application's: not on the thread that serves handshakes.
        this.endpoint = new TcpEndpoint(handOver.socket(), handOver.prefix(), readiness.applications(), NO_SPIN, this);
    }

    /** Takes the socket over, with every byte that was read and belongs to the application. */
    static SmcChannel over(ClcStream stream, TcpReadiness readiness, FallbackReason reason, CloseSettings closing)
            throws SmcException {
        FallbackConnection connection = new FallbackConnection(stream, readiness, reason, closing.drainTimeout());
        return new ChannelImpl(connection.endpoint, connection);
    }

    @Override
    public void closeRequested() {
        ends = true;
        endpoint.requestDrained();
        if (!terminated.isDone()) {
            CompletableFuture.delayedExecutor(drainTimeout.toNanos(), TimeUnit.NANOSECONDS)
                    .execute(this::drained);
        }
    }

    private void close() {
        endpoint.sendStateFlags(CdcFlags.CLOSED);
        if (abortedByPeer) {
            terminated.completeExceptionally(aborted("the peer or the network"));
        } else {
            terminated.complete(Done.getInstance());
        }
    }

    @Override
    public void shutdownOutputRequested() {
        outputEnds = true;
        endpoint.requestDrained();
    }

    @Override
    public void abortRequested() {
        endpoint.sendStateFlags(CdcFlags.ABORT);
        terminated.completeExceptionally(aborted("the application"));
    }

    private SmcException aborted(String byWhom) {
        return new SmcException(
                SmcException.Category.RECONNECT,
                "the tcp connection from " + local + " to " + remote + " was aborted by " + byWhom);
    }

    @Override
    public ConnectionInfo info() {
        return new ConnectionInfo(
                Transport.TCP,
                local,
                remote,
                Optional.empty(),
                Optional.of(reason),
                endpoint.bytesRead(),
                endpoint.bytesWritten(),
                0);
    }

    @Override
    public CompletionStage<Done> terminated() {
        return terminated.minimalCompletionStage();
    }

    // The kernel ends the connection; the endpoint tells readers and writers itself.

    @Override
    public void peerStateFlags(int stateFlags) {
        if ((stateFlags & CdcFlags.ABORT) != 0) {
            abortedByPeer = true;
        }
    }

    @Override
    public void drained() {
        if (ends) {
            close();
        } else if (outputEnds) {
            endpoint.sendStateFlags(CdcFlags.DONE_WRITING);
        }
    }

    @Override
    public void violation(String what) {}
}
