package io.smc4j.actors.tcp;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the classes of this package share about sockets. */
final class TcpSockets {
    private static final Logger LOG = LoggerFactory.getLogger(TcpSockets.class);

    private TcpSockets() {}

    /** How a TCP connection ended, for a person. */
    static String howEnded(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof ClosedChannelException
                || message.contains("ocket closed")
                || message.contains("ocket is closed")) {
            return "the TCP connection was closed on this side";
        }
        if (message.contains("reset") || message.contains("Broken pipe")) {
            return "the peer reset the TCP connection";
        }
        return "the TCP connection failed (" + message + ")";
    }

    /** Whether {@link #view} works on it. */
    static boolean viewable(MemorySegment segment) {
        return segment.isNative() || segment.heapBase().orElse(null) instanceof byte[];
    }

    /** A part of {@code segment}, at most {@link TcpInput#MOST} bytes, for a system call. */
    static ByteBuffer view(MemorySegment segment, long offset, long length) {
        return segment.asSlice(offset, Math.min(length, TcpInput.MOST)).asByteBuffer();
    }

    static InetSocketAddress localAddress(SocketChannel socket) {
        try {
            return socket.getLocalAddress() instanceof InetSocketAddress address ? address : new InetSocketAddress(0);
        } catch (IOException e) {
            return new InetSocketAddress(0);
        }
    }

    static InetSocketAddress remoteAddress(SocketChannel socket) {
        try {
            return socket.getRemoteAddress() instanceof InetSocketAddress address ? address : new InetSocketAddress(0);
        } catch (IOException e) {
            return new InetSocketAddress(0);
        }
    }

    static void closeQuietly(Channel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("Closing {} failed, which frees it all the same", socket, e);
        }
    }
}
