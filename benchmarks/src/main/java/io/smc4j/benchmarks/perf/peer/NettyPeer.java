package io.smc4j.benchmarks.perf.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.smc4j.benchmarks.perf.plan.Work;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Netty with its defaults (which turn Nagle's delay off), on NIO or on its native epoll. */
final class NettyPeer implements Peer {
    private static final int BACKLOG = 1024;

    private final EventLoopGroup group;
    private final Class<? extends ServerChannel> serverType;
    private final Class<? extends Channel> clientType;
    private final ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private @Nullable Channel server;

    private NettyPeer(
            IoHandlerFactory io, Class<? extends ServerChannel> serverType, Class<? extends Channel> clientType) {
        this.group = new MultiThreadIoEventLoopGroup(io);
        this.serverType = serverType;
        this.clientType = clientType;
    }

    static NettyPeer nio() {
        return new NettyPeer(NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
    }

    /** @throws IOException if its native library does not work here */
    static NettyPeer epoll() throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("Netty's native epoll does not work here: " + Epoll.unavailabilityCause());
        }
        return new NettyPeer(EpollIoHandler.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class);
    }

    @Override
    public String serve(Work work) throws InterruptedException {
        Supplier<ChannelHandler> handlers = switch (work.shape()) {
            case EXCHANGE, HOLD -> () -> new NettyResponder(work);
            case CONNECT -> NettyGreeter::new;
        };
        Channel listening = new ServerBootstrap()
                .group(group)
                .channel(serverType)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.add(channel);
                        channel.pipeline().addLast(handlers.get());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        server = listening;
        return Integer.toString(((InetSocketAddress) listening.localAddress()).getPort());
    }

    @Override
    public void stop() throws InterruptedException {
        if (server != null) {
            server.close().sync();
            server = null;
        }
        accepted.close().sync();
    }

    @Override
    public Session open(Work work, String address) throws InterruptedException {
        List<NettyRequester> requesters = new ArrayList<>();
        for (int i = 0; i < work.connections(); i++) {
            NettyRequester requester = new NettyRequester(work);
            connect(address, requester);
            requesters.add(requester);
        }
        return new NettySession(requesters);
    }

    private Channel connect(String address, ChannelHandler handler) throws InterruptedException {
        return new Bootstrap()
                .group(group)
                .channel(clientType)
                .handler(handler)
                .connect(InetAddress.getLoopbackAddress(), Integer.parseInt(address))
                .sync()
                .channel();
    }

    @Override
    public long connectOnce(String address) throws InterruptedException {
        CompletableFuture<Long> read = new CompletableFuture<>();
        long start = System.nanoTime();
        Channel channel = connect(address, new NettyGreeter.Reader(read));
        long end = Await.stage(read);
        channel.close().sync();
        return end - start;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private record NettySession(List<NettyRequester> requesters) implements Session {
        @Override
        public void run(Exchanges[] exchanges) {
            List<CompletableFuture<Void>> runs = new ArrayList<>();
            for (int i = 0; i < exchanges.length; i++) {
                runs.add(requesters.get(i).begin(exchanges[i]));
            }
            CompletableFuture.allOf(runs.toArray(CompletableFuture[]::new)).join();
        }

        @Override
        public void close() {
            requesters.forEach(NettyRequester::close);
        }
    }
}
