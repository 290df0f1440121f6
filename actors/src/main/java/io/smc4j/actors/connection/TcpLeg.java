package io.smc4j.actors.connection;

import io.smc4j.SmcException;
import io.smc4j.actors.tcp.TcpPeerWatch;
import io.smc4j.actors.tcp.TcpReadiness;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The TCP connection beside an SMC connection: carries no data, only its end. That end matters where the peer says nothing over
 * SMC: a server that gives a connection up after the client's CONFIRM can tell it only here (a DECLINE, or just the end), and a
 * process that dies ends it. Failures to end it mean that it is gone already.
 */
final class TcpLeg {
    /** Hears how the peer's side ended. @see TcpPeerWatch.Listener */
    @FunctionalInterface
    interface Ended {
        /** @param broken whether it did not end in order */
        void accept(String how, boolean broken);
    }

    private final SocketChannel socket;
    private final @Nullable TcpPeerWatch watch;

    private TcpLeg(SocketChannel socket, @Nullable TcpPeerWatch watch) {
        this.socket = socket;
        this.watch = watch;
    }

    /** Owns {@code socket} from now on. @param ended told at most once, on any thread; only passes it on */
    static TcpLeg start(SocketChannel socket, TcpReadiness readiness, Ended ended) {
        try {
            return new TcpLeg(socket, TcpPeerWatch.start(socket, readiness, new TcpPeerWatch.Listener() {
                @Override
                public void peerClosed() {
                    ended.accept("the peer closed the TCP connection below it", false);
                }

                @Override
                public void peerBroken(String how) {
                    ended.accept(how, true);
                }
            }));
        } catch (SmcException e) {
            ended.accept(String.valueOf(e.getMessage()), true);
            return new TcpLeg(socket, null);
        }
    }

    void shutdownOutput() {
        if (socket.isOpen()) {
            try {
                socket.shutdownOutput();
            } catch (IOException e) {
                // reset by the peer: its SMC flags tell why
            }
        }
    }

    void close(boolean reset) {
        if (watch != null) {
            if (reset) {
                watch.reset();
            } else {
                watch.close();
            }
        } else {
            close(socket, reset);
        }
    }

    /** Of a connection that ended before it could take the socket over. */
    static void close(SocketChannel socket, boolean reset) {
        try (socket) {
            if (reset && socket.isOpen()) {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            // gone already
        }
    }
}
