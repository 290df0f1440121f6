package io.smc4j.cli.node;

import io.smc4j.ConnectionInfo;
import io.smc4j.FallbackReason;
import io.smc4j.SmcChannel;
import io.smc4j.SmcClaim;
import io.smc4j.SmcException;
import io.smc4j.SmcPeek;
import io.smc4j.Transport;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** A plain TCP connection behind the interface of an SMC one; only the blocking calls work. */
final class TcpChannel implements SmcChannel {
    private static final FallbackReason REASON =
            new FallbackReason(0x03010000, "PEERNOSMC", "the stand-in for tests speaks TCP only", OptionalInt.empty());

    private final SocketChannel socket;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;

    TcpChannel(SocketChannel socket) throws IOException {
        this.socket = socket;
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.local = (InetSocketAddress) socket.getLocalAddress();
        this.remote = (InetSocketAddress) socket.getRemoteAddress();
    }

    @Override
    public int read(ByteBuffer target) throws SmcException {
        try {
            return socket.read(target);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public int write(ByteBuffer source) throws SmcException {
        try {
            return socket.write(source);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public int tryRead(ByteBuffer target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long tryRead(MemorySegment target, long offset, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long tryWrite(MemorySegment source, long offset, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeUrgent(int value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onReadable(Runnable callback) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onWritable(Runnable callback) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdownOutput() throws SmcException {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public CompletionStage<Done> terminated() {
        return CompletableFuture.completedStage(Done.getInstance());
    }

    @Override
    public ConnectionInfo info() {
        return new ConnectionInfo(Transport.TCP, local, remote, Optional.empty(), Optional.of(REASON), 0, 0, 0);
    }

    private static SmcException lost(IOException cause) {
        String reason = cause.getMessage() == null ? "the connection is closed" : cause.getMessage();
        return new SmcException(SmcException.Category.RECONNECT, reason, cause);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException("the command does not use it");
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException("the command does not use it");
    }

    @Override
    public long tryRead(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException("the command does not use it");
    }

    @Override
    public long tryWrite(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException("the command does not use it");
    }

    @Override
    public SmcClaim tryClaim(long most) {
        throw new UnsupportedOperationException("the command does not use it");
    }

    @Override
    public SmcClaim claim(long most) {
        throw new UnsupportedOperationException("the command does not use it");
    }

    @Override
    public SmcPeek tryPeek() {
        throw new UnsupportedOperationException("the command does not use it");
    }

    @Override
    public SmcPeek peek() {
        throw new UnsupportedOperationException("the command does not use it");
    }
}
