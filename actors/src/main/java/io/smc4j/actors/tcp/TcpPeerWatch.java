package io.smc4j.actors.tcp;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * Watches the TCP connection below an SMC connection, whose bytes move through memory: nothing is to be read there, but its end says
 * that the peer's process is gone, which shared memory alone does not. Owned by the Connection actor, which closes it.
 */
public final class TcpPeerWatch implements AutoCloseable {
    /** Hears once, on the readiness thread, where it must not block. */
    public interface Listener {
        /** The peer ended its side in order. It may have closed the SMC connection too, or just exited. */
        void peerClosed();

        /**
         * The connection was reset, or the peer sent bytes that do not belong there.
         *
         * @param how what happened, for a person
         */
        void peerBroken(String how);
    }

    private final SocketChannel socket;
    private final Listener listener;
    private final TcpReadiness.Registration registration;
    private volatile boolean closed;

    private TcpPeerWatch(SocketChannel socket, TcpReadiness readiness, Listener listener) {
        this.socket = socket;
        this.listener = listener;
        this.registration = readiness.register(socket, new Ready());
    }

    /** Starts to watch {@code socket}, which the watch owns from now on. */
    public static TcpPeerWatch start(SocketChannel socket, TcpReadiness readiness, Listener listener)
            throws SmcException {
        try {
            socket.configureBlocking(false);
        } catch (IOException e) {
            throw new SmcException(Category.RECONNECT, "Below an SMC connection " + TcpSockets.howEnded(e), e);
        }
        TcpPeerWatch watch = new TcpPeerWatch(socket, readiness, listener);
        watch.registration.want(SelectionKey.OP_READ);
        return watch;
    }

    private final class Ready implements TcpReadiness.Handler {
        @Override
        public void ready(int operations) {
            if (closed) {
                return;
            }
            try {
                int count = socket.read(ByteBuffer.allocate(1));
                if (count < 0) {
                    listener.peerClosed();
                } else if (count > 0) {
                    listener.peerBroken("the peer sent bytes on the TCP connection below an SMC connection");
                } else {
                    registration.want(SelectionKey.OP_READ);
                }
            } catch (IOException e) {
                if (!closed) {
                    listener.peerBroken(TcpSockets.howEnded(e));
                }
            }
        }

        @Override
        public void readinessClosed() {
            // the node stops, and with it the connection's actor
        }
    }

    /** Closes the TCP connection in order: the peer sees its end. Idempotent. */
    @Override
    public void close() {
        closed = true;
        registration.closeSocket();
    }

    /** Resets the TCP connection: the peer sees an abort. Idempotent. */
    public void reset() {
        try {
            var _ = socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // then there is nothing left to reset
        }
        close();
    }
}
