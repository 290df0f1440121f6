package io.smc4j.races;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** A listening socket whose accept keeps what it has accepted until the test lets it go. */
final class GatedServerSocketA extends ServerSocketChannel {
    private final ServerSocketChannel socket;
    final CountDownLatch accepted = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);

    GatedServerSocketA(ServerSocketChannel socket) {
        super(socket.provider());
        this.socket = socket;
    }

    @Override
    public SocketChannel accept() throws IOException {
        SocketChannel taken = socket.accept();
        accepted.countDown();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return taken;
    }

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
        return socket.bind(local, backlog);
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        return socket.setOption(name, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return socket.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return socket.supportedOptions();
    }

    @Override
    public ServerSocket socket() {
        return socket.socket();
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        return socket.getLocalAddress();
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        socket.close();
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        socket.configureBlocking(block);
    }
}
