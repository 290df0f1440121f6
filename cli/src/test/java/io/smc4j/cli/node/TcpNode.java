package io.smc4j.cli.node;

import io.smc4j.BindOptions;
import io.smc4j.ConnectOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.rdma.PortState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** A node that only speaks TCP, for tests of what the commands do with connections. */
public final class TcpNode implements Node {
    @Override
    public SmcChannel connect(InetSocketAddress remote, ConnectOptions options) throws SmcException {
        try {
            return new TcpChannel(SocketChannel.open(remote));
        } catch (IOException e) {
            throw new SmcException(SmcException.Category.RECONNECT, e.getMessage(), e);
        }
    }

    @Override
    public SmcServerChannel listen(InetSocketAddress local, BindOptions options) throws SmcException {
        try {
            return new TcpServer(ServerSocketChannel.open().bind(local, options.backlog()));
        } catch (IOException e) {
            throw new SmcException(SmcException.Category.CONFIGURATION, e.getMessage(), e);
        }
    }

    @Override
    public boolean setPortState(int port, PortState state) {
        return false;
    }

    @Override
    public void close() {}

    private record TcpServer(ServerSocketChannel server) implements SmcServerChannel {
        @Override
        public InetSocketAddress localAddress() {
            try {
                return (InetSocketAddress) server.getLocalAddress();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public CompletionStage<SmcChannel> accept() {
            return CompletableFuture.supplyAsync(() -> {
                try {
                    return acceptBlocking();
                } catch (SmcException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        @Override
        public SmcChannel acceptBlocking() throws SmcException {
            try {
                return new TcpChannel(server.accept());
            } catch (IOException e) {
                throw new SmcException(SmcException.Category.RECONNECT, "the listener is closed", e);
            }
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public CompletionStage<Done> closed() {
            return CompletableFuture.completedStage(Done.getInstance());
        }
    }
}
