package io.smc4j.actors.channel;

import io.smc4j.ConnectionInfo;
import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import io.smc4j.Transport;
import io.smc4j.actors.datapath.Endpoint;
import io.smc4j.actors.datapath.Window;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.Done;

/** One end of a connection within the test, with buffers of a few bytes and a control that does what a connection's actor would. */
public final class MemoryEndpoint implements Endpoint, ChannelControl {
    private final MemoryPipe in;
    private final MemoryPipe out;
    private final CompletableFuture<Done> terminated = new CompletableFuture<>();

    /** What was asked of the connection's actor. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    private MemoryEndpoint(MemoryPipe in, MemoryPipe out) {
        this.in = in;
        this.out = out;
    }

    /** Both ends of a connection. */
    public record Pair(MemoryEndpoint left, MemoryEndpoint right) {}

    public static Pair pair(int capacity) {
        MemoryPipe one = new MemoryPipe(capacity);
        MemoryPipe other = new MemoryPipe(capacity);
        return new Pair(new MemoryEndpoint(one, other), new MemoryEndpoint(other, one));
    }

    public ChannelImpl channel() {
        return new ChannelImpl(this, this, 1_000_000_000L);
    }

    @Override
    public void closeRequested() {
        requests.add("close");
        out.stopWriting();
        in.stopReading();
        terminated.complete(Done.getInstance());
    }

    @Override
    public void shutdownOutputRequested() {
        requests.add("shutdownOutput");
        out.stopWriting();
    }

    @Override
    public void abortRequested() {
        requests.add("abort");
        SmcException reason = new SmcException(Category.RECONNECT, "the peer aborted");
        out.fail(reason);
        in.fail(reason);
        terminated.completeExceptionally(reason);
    }

    @Override
    public ConnectionInfo info() {
        InetSocketAddress nowhere = new InetSocketAddress(0);
        return new ConnectionInfo(
                Transport.SMC_D, nowhere, nowhere, Optional.empty(), Optional.empty(), bytesRead(), bytesWritten(), 0);
    }

    @Override
    public CompletionStage<Done> terminated() {
        return terminated;
    }

    @Override
    public long tryRead(MemorySegment target, long offset, long length) throws SmcException {
        return in.read(target, offset, length);
    }

    @Override
    public long tryWrite(MemorySegment source, long offset, long length) throws SmcException {
        return out.write(source, offset, length);
    }

    @Override
    public boolean readable() {
        return in.readable();
    }

    @Override
    public boolean writable() {
        return out.writable();
    }

    @Override
    public void awaitReadable(long timeoutNanos) throws InterruptedException {
        in.awaitReadable(timeoutNanos);
    }

    @Override
    public void awaitWritable(long timeoutNanos) throws InterruptedException {
        out.awaitWritable(timeoutNanos);
    }

    @Override
    public void onReadable(Runnable callback) {
        in.onReadable(callback);
    }

    @Override
    public void onWritable(Runnable callback) {
        out.onWritable(callback);
    }

    @Override
    public long bytesRead() {
        return in.readSoFar();
    }

    @Override
    public long bytesWritten() {
        return out.written();
    }

    @Override
    public void stopWriting() {
        out.stopWriting();
    }

    @Override
    public void stopReading() {
        in.stopReading();
    }

    @Override
    public boolean hasUnread() {
        return in.written() > in.readSoFar();
    }

    @Override
    public void requestDrained() {}

    @Override
    public void sendStateFlags(int stateFlags) {}

    @Override
    public void fail(SmcException reason) {
        in.fail(reason);
        out.fail(reason);
    }

    @Override
    public long claim(Window window, long most) {
        throw new UnsupportedOperationException("nothing in place here");
    }

    @Override
    public void commit(long bytes) {
        throw new UnsupportedOperationException("nothing in place here");
    }

    @Override
    public long peek(Window window) throws SmcException {
        byte[] copy = in.copy();
        long there = copy.length > 0 ? copy.length : in.read(MemorySegment.NULL, 0, 0);
        window.show(MemorySegment.ofArray(copy), 0, there);
        return there;
    }

    @Override
    public void release(long bytes) throws SmcException {
        long _ = in.read(MemorySegment.ofArray(new byte[(int) bytes]), 0, bytes);
    }

    @Override
    public boolean closeViews() {
        return true;
    }
}
