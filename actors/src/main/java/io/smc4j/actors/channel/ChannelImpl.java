package io.smc4j.actors.channel;

import io.smc4j.ConnectionInfo;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import io.smc4j.actors.datapath.Endpoint;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final Endpoint endpoint;
    private final ChannelControl control;
    private final long maxWaitNanos;
    private final OneThread readers = new OneThread("read");
    private final OneThread writers = new OneThread("write");
    private final BufferSegments readTargets = new BufferSegments();
    private final BufferSegments writeSources = new BufferSegments();
    private final AtomicBoolean outputShut = new AtomicBoolean();
    private final AtomicBoolean aborted = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean failed;

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
        this.endpoint = endpoint;
        this.control = control;
        this.maxWaitNanos = maxWaitNanos;
        CompletionStage<Done> _ = control.terminated().whenComplete((done, reason) -> markFailed());
    }

    /** The connection failed: {@link #isOpen} is false from now on. The endpoint knows why. Any thread. */
    public void markFailed() {
        failed = true;
    }

    @Override
    public int read(ByteBuffer target) throws SmcException {
        readers.enter();
        try {
            int count = readAvailable(target);
            while (count == 0 && target.hasRemaining()) {
                awaitReadable();
                count = readAvailable(target);
            }
            return count;
        } finally {
            readers.leave();
        }
    }

    @Override
    public int tryRead(ByteBuffer target) throws SmcException {
        readers.enter();
        try {
            return readAvailable(target);
        } finally {
            readers.leave();
        }
    }

    @Override
    public long tryRead(MemorySegment target, long offset, long length) throws SmcException {
        readers.enter();
        try {
            return read(target, offset, length);
        } finally {
            readers.leave();
        }
    }

    private int readAvailable(ByteBuffer target) throws SmcException {
        int position = target.position();
        int count = (int) read(readTargets.of(target), position, target.remaining());
        if (count > 0) {
            ByteBuffer _ = target.position(position + count);
        }
        return count;
    }

    private long read(MemorySegment target, long offset, long length) throws SmcException {
        requireOpen();
        try {
            long count = endpoint.tryRead(target, offset, length);
            if (count < 0) {
                requireOpen(); // closed meanwhile: then this is no end of the peer's making
            }
            return count;
        } catch (SmcException e) {
            throw noted(e);
        }
    }

    @Override
    public int write(ByteBuffer source) throws SmcException {
        writers.enter();
        try {
            int before = source.remaining();
            int count = writeAvailable(source);
            while (source.hasRemaining()) {
                if (count == 0) {
                    awaitWritable();
                }
                count = writeAvailable(source);
            }
            return before;
        } finally {
            writers.leave();
        }
    }

    @Override
    public int tryWrite(ByteBuffer source) throws SmcException {
        writers.enter();
        try {
            return writeAvailable(source);
        } finally {
            writers.leave();
        }
    }

    @Override
    public long tryWrite(MemorySegment source, long offset, long length) throws SmcException {
        writers.enter();
        try {
            return write(source, offset, length);
        } finally {
            writers.leave();
        }
    }

    private int writeAvailable(ByteBuffer source) throws SmcException {
        int position = source.position();
        int count = (int) write(writeSources.of(source), position, source.remaining());
        ByteBuffer _ = source.position(position + count);
        return count;
    }

    private long write(MemorySegment source, long offset, long length) throws SmcException {
        requireOpen();
        if (outputShut.get()) {
            throw new SmcException(
                    Category.BUG, "Nothing can be written after shutdownOutput(): write first, or do not shut down");
        }
        try {
            return endpoint.tryWrite(source, offset, length);
        } catch (SmcException e) {
            throw noted(e);
        }
    }

    private void requireOpen() throws SmcException {
        if (closed.get()) {
            throw new SmcException(
                    Category.BUG,
                    "The connection was " + (aborted.get() ? "aborted" : "closed")
                            + " by this side: do not use a channel after that");
        }
    }

    private SmcException noted(SmcException e) throws SmcException {
        requireOpen(); // else the reason is our own doing
        if (e.category() != Category.BUG) {
            markFailed();
        }
        return e;
    }

    private void awaitReadable() throws SmcException {
        try {
            endpoint.awaitReadable(maxWaitNanos);
        } catch (InterruptedException e) {
            throw interrupted("data", e);
        }
    }

    private void awaitWritable() throws SmcException {
        try {
            endpoint.awaitWritable(maxWaitNanos);
        } catch (InterruptedException e) {
            throw interrupted("space", e);
        }
    }

    private static SmcException interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new SmcException(
                Category.RETRY,
                "The thread was interrupted while it waited for " + what + "; the connection lives on",
                e);
    }

    @Override
    public void onReadable(Runnable callback) {
        if (closed.get()) {
            callback.run();
        } else {
            endpoint.onReadable(callback);
        }
    }

    @Override
    public void onWritable(Runnable callback) {
        if (closed.get() || outputShut.get()) {
            callback.run();
        } else {
            endpoint.onWritable(callback);
        }
    }

    @Override
    public void shutdownOutput() throws SmcException {
        requireOpen();
        if (outputShut.compareAndSet(false, true)) {
            control.shutdownOutputRequested();
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            control.closeRequested();
        }
    }

    @Override
    public void abort() {
        if (aborted.compareAndSet(false, true)) {
            closed.set(true);
            control.abortRequested();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed.get() && !failed;
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
