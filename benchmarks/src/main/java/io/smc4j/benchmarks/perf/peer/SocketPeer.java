package io.smc4j.benchmarks.perf.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JDK's sockets: TCP over loopback by blocking channels or by a selector, and Unix domain sockets. TCP without Nagle's delay. */
final class SocketPeer extends BlockingPeer {
    /** How the channel is used. */
    enum Kind {
        BLOCKING,
        SELECTOR,
        UNIX
    }

    private final Kind kind;
    private final Path directory;
    private final SelectorEcho echo = new SelectorEcho();

    /** @param directory where the Unix domain socket is made */
    SocketPeer(Kind kind, Path directory) {
        this.kind = kind;
        this.directory = directory;
    }

    @Override
    Acceptor listen() throws IOException {
        if (kind == Kind.UNIX) {
            Path path = directory.resolve("uds-" + ProcessHandle.current().pid());
            Files.deleteIfExists(path);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
            return new SocketAcceptor(server, path.toString(), path);
        }
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        String port = Integer.toString(((InetSocketAddress) server.getLocalAddress()).getPort());
        return new SocketAcceptor(server, port, directory.resolve("none"));
    }

    @Override
    Wire connect(String address) throws IOException {
        SocketAddress remote = kind == Kind.UNIX
                ? UnixDomainSocketAddress.of(address)
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address));
        return wire(SocketChannel.open(remote));
    }

    @Override
    public void close() {
        echo.close();
    }

    private Wire wire(SocketChannel channel) throws IOException {
        if (kind != Kind.UNIX) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        return kind == Kind.SELECTOR ? new SelectorWire(channel, echo) : new SocketWire(channel);
    }

    private final class SocketAcceptor implements Acceptor {
        private final ServerSocketChannel server;
        private final String address;
        private final Path file;

        SocketAcceptor(ServerSocketChannel server, String address, Path file) {
            this.server = server;
            this.address = address;
            this.file = file;
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public Wire accept() throws IOException {
            return wire(server.accept());
        }

        @Override
        public void close() {
            Quietly.close(server);
            Quietly.close(() -> Files.deleteIfExists(file));
        }
    }

    private record SocketWire(SocketChannel channel) implements Wire {
        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            while (source.hasRemaining()) {
                channel.write(source);
            }
        }

        @Override
        public void close() {
            Quietly.close(channel);
        }
    }

    /** Waits in a selector of its own when a channel has nothing, or no space. */
    private static final class SelectorWire implements Wire {
        private final SocketChannel channel;
        private final Selector selector;
        private final SelectionKey key;
        private final SelectorEcho echo;

        SelectorWire(SocketChannel channel, SelectorEcho echo) throws IOException {
            this.channel = channel;
            this.echo = echo;
            channel.configureBlocking(false);
            selector = Selector.open();
            key = channel.register(selector, SelectionKey.OP_READ);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int count = channel.read(target);
            while (count == 0) {
                await(SelectionKey.OP_READ);
                count = channel.read(target);
            }
            return count;
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            channel.write(source);
            while (source.hasRemaining()) {
                await(SelectionKey.OP_WRITE);
                channel.write(source);
            }
        }

        private void await(int operation) throws IOException {
            if (key.interestOps() != operation) {
                key.interestOps(operation);
            }
            selector.select(ready -> {});
        }

        @Override
        public void answerWithoutThread(int size) throws IOException {
            Quietly.close(selector); // one selector for all of them instead
            echo.add(channel, size);
        }

        @Override
        public void close() {
            Quietly.close(selector);
            Quietly.close(channel);
        }
    }
}
