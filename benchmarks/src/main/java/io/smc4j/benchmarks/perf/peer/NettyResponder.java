package io.smc4j.benchmarks.perf.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.smc4j.benchmarks.perf.plan.Work;
import org.jspecify.annotations.Nullable;

/** The server's handler of one connection: collects a request, answers it. */
@SuppressWarnings("FutureReturnValueIgnored") // void promises: what fails comes to exceptionCaught
final class NettyResponder extends ChannelInboundHandlerAdapter {
    private final Work work;
    private @Nullable ByteBuf kept;
    private int received;

    NettyResponder(Work work) {
        this.work = work;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        received += bytes.readableBytes();
        if (work.echoes()) {
            echo(context, bytes);
        } else {
            bytes.release();
            if (received >= work.request()) {
                received = 0;
                context.writeAndFlush(context.alloc().buffer(1).writeByte(0), context.voidPromise());
            }
        }
    }

    private void echo(ChannelHandlerContext context, ByteBuf bytes) {
        ByteBuf whole = bytes;
        if (kept != null || received < work.request()) {
            ByteBuf collecting = kept != null ? kept : context.alloc().buffer(work.request());
            collecting.writeBytes(bytes);
            bytes.release();
            kept = collecting;
            whole = collecting;
        }
        if (received >= work.request()) {
            received = 0;
            kept = null;
            context.writeAndFlush(whole, context.voidPromise());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (kept != null) {
            kept.release();
            kept = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close(context.voidPromise()); // the client notices, and that is where it is reported
    }
}
