package io.smc4j.actors.tcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Two ends of a TCP connection on this host: {@code ours} for the code under test, {@code peer} to play the other side by hand. */
record Loopback(SocketChannel ours, SocketChannel peer) implements AutoCloseable {
    static Loopback open() {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel peer = SocketChannel.open(server.getLocalAddress());
            peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new Loopback(server.accept(), peer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void peerSends(byte[] bytes) throws IOException {
        peerSends(bytes, 0, bytes.length);
    }

    void peerSends(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
            peer.write(buffer);
        }
    }

    byte[] peerReceives(int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining() && peer.read(buffer) >= 0) {}
        return java.util.Arrays.copyOf(buffer.array(), buffer.position());
    }

    void peerResets() throws IOException {
        peer.setOption(StandardSocketOptions.SO_LINGER, 0);
        peer.close();
    }

    @Override
    public void close() throws IOException {
        ours.close();
        peer.close();
    }
}
