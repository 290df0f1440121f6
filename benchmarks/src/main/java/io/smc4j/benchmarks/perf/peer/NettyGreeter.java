package io.smc4j.benchmarks.perf.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.CompletableFuture;

/** Sends one byte to whoever connects, and closes. */
final class NettyGreeter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(context.alloc().buffer(1).writeByte(0)).addListener(ChannelFutureListener.CLOSE);
    }

    /** The other end: says when the byte was there. */
    static final class Reader extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Long> read;

        Reader(CompletableFuture<Long> read) {
            this.read = read;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ((ByteBuf) message).release();
            read.complete(System.nanoTime());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            read.completeExceptionally(cause);
        }
    }
}
