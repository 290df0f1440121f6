package io.smc4j.benchmarks.perf.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.smc4j.benchmarks.perf.plan.Work;
import java.io.EOFException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The client's handler of one connection: all exchanges happen on the event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // void promises: what fails comes to exceptionCaught
final class NettyRequester extends ChannelInboundHandlerAdapter {
    private final Work work;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf chunk;
    private @Nullable Run run;
    private int unsent;
    private int received;

    private record Run(Exchanges exchanges, CompletableFuture<Void> done) {}

    NettyRequester(Work work) {
        this.work = work;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        chunk = active.alloc().directBuffer(work.chunk()).writeZero(work.chunk());
    }

    /** Begins a run, from another thread than the event loop. Completes when the run is over. */
    CompletableFuture<Void> begin(Exchanges exchanges) {
        Run begun = new Run(exchanges, new CompletableFuture<>());
        ChannelHandlerContext active = context;
        if (active == null) {
            throw new IllegalStateException("not connected");
        }
        active.executor().execute(() -> {
            run = begun;
            if (!active.channel().isActive()) {
                begun.done().completeExceptionally(new EOFException("the server closed the connection"));
                return;
            }
            exchanges.start();
            request(active);
        });
        return begun.done();
    }

    private void request(ChannelHandlerContext active) {
        unsent = work.chunks();
        send(active);
    }

    /** Writes as long as Netty's buffer is below its high-water mark; it tells when to go on. */
    private void send(ChannelHandlerContext active) {
        ByteBuf bytes = chunk;
        if (bytes == null || unsent == 0) {
            return;
        }
        while (unsent > 0 && active.channel().isWritable()) {
            unsent--;
            active.write(bytes.retainedDuplicate(), active.voidPromise());
        }
        active.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext active) {
        if (active.channel().isWritable()) {
            send(active);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext active, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        received += bytes.readableBytes();
        bytes.release();
        Run current = run;
        if (received < work.response() || current == null) {
            return;
        }
        received = 0;
        if (current.exchanges().next()) {
            request(active);
        } else {
            current.done().complete(null);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
        fail(new EOFException("the server closed the connection before it answered"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
        fail(cause);
        failed.close(failed.voidPromise());
    }

    private void fail(Throwable cause) {
        if (run != null) {
            run.done().completeExceptionally(cause);
        }
    }

    void close() {
        if (context != null) {
            context.close().awaitUninterruptibly();
        }
    }
}
