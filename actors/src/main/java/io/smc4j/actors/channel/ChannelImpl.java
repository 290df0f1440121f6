package io.smc4j.actors.channel;

import io.smc4j.ConnectionInfo;
import io.smc4j.SmcChannel;
import io.smc4j.SmcClaim;
import io.smc4j.SmcException;
import io.smc4j.SmcPeek;
import io.smc4j.actors.datapath.Endpoint;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * An application's handle of a connection: bytes go straight to the {@link Endpoint}, everything else to the connection's actor.
 * Reading and writing allocate nothing.
 *
 * <p>A thread that is interrupted while it waits in {@link #read} or {@link #write} gets an {@link SmcException} of category RETRY
 * whose cause is the {@link InterruptedException}, with its interrupt status set again. Unlike with the JDK's own channels the
 * connection lives on: nothing was read, and the source's position says what was written.
 *
 * <p>Two threads that read (or two that write) at once are found out most of the time, and refused with category BUG.
 */
public final class ChannelImpl implements SmcChannel {
    private final ChannelControl control;
    private final ChannelState state;
    private final ReadingSide reading;
    private final WritingSide writing;

    /** A channel whose blocking calls look again once a second at the latest. */
    public ChannelImpl(Endpoint endpoint, ChannelControl control) {
        this(endpoint, control, 1_000_000_000L);
    }

    /**
     * @param endpoint the data path
     * @param control the connection's actor
     * @param maxWaitNanos longest sleep at once of a blocking call before it looks again
     */
    public ChannelImpl(Endpoint endpoint, ChannelControl control, long maxWaitNanos) {
        this.control = control;
        this.state = new ChannelState(endpoint, maxWaitNanos);
        this.reading = new ReadingSide(state);
        this.writing = new WritingSide(state);
        CompletionStage<Done> _ = control.terminated().whenComplete((done, reason) -> markFailed());
    }

    /** The connection failed: {@link #isOpen} is false from now on. The endpoint knows why. Any thread. */
    public void markFailed() {
        state.markFailed();
    }

    @Override
    public int read(ByteBuffer target) throws SmcException {
        return reading.read(target);
    }

    @Override
    public int tryRead(ByteBuffer target) throws SmcException {
        return reading.tryRead(target);
    }

    @Override
    public long tryRead(MemorySegment target, long offset, long length) throws SmcException {
        return reading.tryRead(target, offset, length);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws SmcException {
        return reading.read(targets, offset, length);
    }

    @Override
    public long tryRead(ByteBuffer[] targets, int offset, int length) throws SmcException {
        return reading.tryRead(targets, offset, length);
    }

    @Override
    public SmcPeek tryPeek() throws SmcException {
        return reading.tryPeek();
    }

    @Override
    public SmcPeek peek() throws SmcException {
        return reading.peek();
    }

    @Override
    public int write(ByteBuffer source) throws SmcException {
        return writing.write(source);
    }

    @Override
    public int tryWrite(ByteBuffer source) throws SmcException {
        return writing.tryWrite(source);
    }

    @Override
    public long tryWrite(MemorySegment source, long offset, long length) throws SmcException {
        return writing.tryWrite(source, offset, length);
    }

    @Override
    public void writeUrgent(int value) throws SmcException {
        writing.writeUrgent((byte) value);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws SmcException {
        return writing.write(sources, offset, length);
    }

    @Override
    public long tryWrite(ByteBuffer[] sources, int offset, int length) throws SmcException {
        return writing.tryWrite(sources, offset, length);
    }

    @Override
    public SmcClaim tryClaim(long most) throws SmcException {
        return writing.tryClaim(most);
    }

    @Override
    public SmcClaim claim(long most) throws SmcException {
        return writing.claim(most);
    }

    @Override
    public void onReadable(Runnable callback) {
        if (state.closed.get()) {
            callback.run();
        } else {
            state.endpoint.onReadable(callback);
        }
    }

    @Override
    public void onWritable(Runnable callback) {
        if (state.closed.get() || state.outputShut.get()) {
            callback.run();
        } else {
            state.endpoint.onWritable(callback);
        }
    }

    @Override
    public void shutdownOutput() throws SmcException {
        state.requireOpen();
        if (state.outputShut.compareAndSet(false, true)) {
            control.shutdownOutputRequested();
        }
    }

    @Override
    public void close() {
        if (state.closed.compareAndSet(false, true)) {
            endViews();
            control.closeRequested();
        }
    }

    @Override
    public void abort() {
        if (state.aborted.compareAndSet(false, true)) {
            state.closed.set(true);
            endViews();
            control.abortRequested();
        }
    }

    /** What a system call uses at this moment ends later, but before the memory is freed: the endpoint is not quiet before. */
    private void endViews() {
        boolean _ = state.endpoint.closeViews();
    }

    @Override
    public boolean isOpen() {
        return state.isOpen();
    }

    @Override
    public CompletionStage<Done> terminated() {
        return control.terminated();
    }

    @Override
    public ConnectionInfo info() {
        return control.info();
    }
}
