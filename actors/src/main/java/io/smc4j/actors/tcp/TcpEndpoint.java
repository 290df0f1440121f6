package io.smc4j.actors.tcp;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import io.smc4j.actors.datapath.Endpoint;
import io.smc4j.actors.datapath.EndpointListener;
import io.smc4j.actors.datapath.Window;
import io.smc4j.protocol.cdc.CdcFlags;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A connection that fell back: its bytes are the TCP socket's, in the same order, with nothing added or lost.
 *
 * <p>The connection's state flags become what TCP has for them: done writing is a FIN, closed closes the socket (a reset, as always
 * with TCP, if there are unread bytes), abort resets it. The peer's FIN is reported to the listener as done writing and its RST as
 * abort, when first noticed, which takes somebody who reads or waits, as with any TCP socket. What was accepted counts as
 * drained when the kernel has it: at once, but for the rest of a {@link #commit} for which the kernel had no room.
 *
 * <p>Thread rules as {@link Endpoint}. Owned by the Connection actor, which closes it.
 */
public final class TcpEndpoint implements Endpoint, AutoCloseable {
    private final SocketChannel socket;
    private final InetSocketAddress peer;
    private final EndpointListener listener;
    private final TcpReadiness.Registration registration;
    private final TcpInput input;
    private final TcpOutput output;
    private final SocketWait readWait;
    private final SocketWait writeWait;
    private final ReadyCallbacks readers;
    private final ReadyCallbacks writers;
    private final AtomicReference<@Nullable SmcException> failure = new AtomicReference<>();
    private final AtomicInteger peerFlags = new AtomicInteger();
    private final AtomicBoolean drainWanted = new AtomicBoolean();
    private volatile boolean readingStopped;
    private volatile boolean closed;

    /**
     * @param socket connected; the endpoint owns it from now on and makes it non-blocking
     * @param prefix bytes that were read from the socket already and come first
     * @param readiness the node's
     * @param spinNanos how long {@link #awaitReadable} looks again and again before it sleeps
     * @param listener hears of the peer's end
     * @throws SmcException if the socket is closed already
     */
    public TcpEndpoint(
            SocketChannel socket, ByteString prefix, TcpReadiness readiness, long spinNanos, EndpointListener listener)
            throws SmcException {
        this.socket = socket;
        this.listener = listener;
        this.peer = TcpSockets.remoteAddress(socket);
        this.input = new TcpInput(socket, prefix);
        this.output = new TcpOutput(socket);
        try {
            socket.configureBlocking(false);
            socket.socket().setOOBInline(true); // as over SMC: an urgent byte is read in its place
        } catch (IOException e) {
            throw gone(e);
        }
        TcpReadiness.Registration registered = readiness.register(socket, new Ready());
        this.registration = registered;
        this.readWait = new SocketWait(socket, SelectionKey.OP_READ);
        this.writeWait = new SocketWait(socket, SelectionKey.OP_WRITE);
        this.readers = new ReadyCallbacks(
                this::readable,
                this::readingOver,
                () -> registered.want(SelectionKey.OP_READ),
                () -> {},
                readWait,
                spinNanos);
        this.writers = new ReadyCallbacks(
                this::writable,
                this::writingOver,
                () -> registered.want(SelectionKey.OP_WRITE),
                this::unblock,
                writeWait,
                0);
    }

    private final class Ready implements TcpReadiness.Handler {
        @Override
        public void ready(int operations) {
            if ((operations & SelectionKey.OP_READ) != 0) {
                readers.run();
            }
            if ((operations & SelectionKey.OP_WRITE) != 0) {
                unblock();
                writers.run();
            }
        }

        @Override
        public void readinessClosed() {
            fail(new SmcException(
                    Category.RECONNECT, "The node stopped while the TCP connection to " + peer + " was in use"));
        }
    }

    @Override
    public long tryRead(MemorySegment target, long offset, long length) throws SmcException {
        throwFailure();
        if (readingStopped) {
            return -1;
        }
        try {
            long count = input.read(target, offset, length);
            if (count < 0) {
                noteEnd();
            }
            return count;
        } catch (IOException e) {
            lost(e);
            throw gone(e);
        }
    }

    private void noteEnd() throws IOException {
        IOException reset = output.broken();
        if (reset != null) {
            throw reset;
        }
        peerDid(CdcFlags.DONE_WRITING);
    }

    @Override
    public long tryWrite(MemorySegment source, long offset, long length) throws SmcException {
        throwFailure();
        try {
            long count = output.write(source, offset, length);
            if (count == TcpOutput.STOPPED) {
                throw outputShut();
            }
            return count;
        } catch (SmcException e) {
            throw e;
        } catch (IOException e) {
            lost(e);
            throw gone(e);
        }
    }

    @Override
    public boolean tryWriteUrgent(byte value) throws SmcException {
        throwFailure();
        try {
            int count = output.writeUrgent(value);
            if (count == TcpOutput.STOPPED) {
                throw outputShut();
            }
            return count > 0;
        } catch (SmcException e) {
            throw e;
        } catch (IOException e) {
            lost(e);
            throw gone(e);
        }
    }

    @Override
    public long peek(Window window) throws SmcException {
        window.clear();
        throwFailure();
        if (readingStopped) {
            window.show(MemorySegment.NULL, 0, -1);
            return -1;
        }
        try {
            long count = input.peek(window);
            if (count < 0) {
                noteEnd();
            }
            return count;
        } catch (SmcException e) {
            throw e;
        } catch (IOException e) {
            lost(e);
            throw gone(e);
        }
    }

    @Override
    public void release(long bytes) throws SmcException {
        input.release(bytes);
    }

    @Override
    public long claim(Window window, long most) throws SmcException {
        window.clear();
        throwFailure();
        try {
            long count = output.claim(window, most);
            if (count == TcpOutput.STOPPED) {
                throw outputShut();
            }
            return count;
        } catch (SmcException e) {
            throw e;
        } catch (IOException e) {
            lost(e);
            throw gone(e);
        }
    }

    @Override
    public void commit(long bytes) throws SmcException {
        throwFailure();
        try {
            if (!output.commit(bytes)) {
                throw outputShut();
            }
            if (!output.isFlushed()) {
                registration.want(SelectionKey.OP_WRITE);
            }
        } catch (SmcException e) {
            throw e;
        } catch (IOException e) {
            lost(e);
            throw gone(e);
        }
    }

    private SmcException outputShut() {
        return new SmcException(
                Category.BUG, "The connection to " + peer + " takes no more bytes: its output was shut down");
    }

    @Override
    public boolean closeViews() {
        return input.closeViews() & output.closeViews();
    }

    /** The kernel has room: first for what it did not take before. */
    private void unblock() {
        output.unblock();
        try {
            if (!output.flush()) {
                registration.want(SelectionKey.OP_WRITE);
            }
        } catch (IOException e) {
            lost(e);
        }
        tellIfDrained();
    }

    private void tellIfDrained() {
        if (drainWanted.get()
                && (closed || failure.get() != null || output.isFlushed())
                && drainWanted.getAndSet(false)) {
            listener.drained();
        }
    }

    @Override
    public boolean readable() {
        if (readingOver()) {
            return true;
        }
        try {
            boolean ready = input.lookAhead();
            if (ready && input.atEnd()) {
                peerDid(CdcFlags.DONE_WRITING);
            }
            return ready;
        } catch (IOException e) {
            lost(e);
            return true;
        }
    }

    @Override
    public boolean writable() {
        return writingOver() || !output.blocked();
    }

    private boolean readingOver() {
        return readingStopped || failure.get() != null;
    }

    private boolean writingOver() {
        return output.stopped() || failure.get() != null;
    }

    @Override
    public void awaitReadable(long timeoutNanos) throws InterruptedException {
        readers.await(timeoutNanos);
    }

    @Override
    public void awaitWritable(long timeoutNanos) throws InterruptedException {
        writers.await(timeoutNanos);
    }

    @Override
    public void onReadable(Runnable callback) {
        readers.call(callback);
    }

    @Override
    public void onWritable(Runnable callback) {
        writers.call(callback);
    }

    @Override
    public long bytesRead() {
        return input.count();
    }

    @Override
    public long bytesWritten() {
        return output.count();
    }

    @Override
    public void stopWriting() {
        output.stop();
        writers.runForGood();
    }

    @Override
    public void stopReading() {
        readingStopped = true;
        readers.runForGood();
    }

    @Override
    public boolean hasUnread() {
        return !closed && input.hasUnread();
    }

    @Override
    public void requestDrained() {
        drainWanted.set(true);
        tellIfDrained();
    }

    @Override
    public void sendStateFlags(int stateFlags) {
        if (closed) {
            return;
        }
        if ((stateFlags & CdcFlags.ABORT) != 0) {
            reset();
        } else if ((stateFlags & CdcFlags.CLOSED) != 0) {
            if (hasUnread()) {
                reset(); // the kernel would do the same, but does not know of the bytes read ahead
            } else {
                close();
            }
        } else if ((stateFlags & CdcFlags.DONE_WRITING) != 0) {
            stopWriting();
            try {
                var _ = socket.shutdownOutput();
            } catch (IOException e) {
                lost(e);
            }
        }
    }

    private void reset() {
        try {
            var _ = socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // then there is nothing left to reset
        }
        close();
    }

    /** Closes the socket and wakes whoever waits. Idempotent. */
    @Override
    public void close() {
        closed = true;
        registration.closeSocket();
        readWait.close();
        writeWait.close();
        fail(new SmcException(Category.RECONNECT, "The TCP connection to " + peer + " was closed on this side"));
    }

    @Override
    public void fail(SmcException reason) {
        if (failure.compareAndSet(null, reason)) {
            readers.runForGood();
            writers.runForGood();
            tellIfDrained();
        }
    }

    /** The socket reported an error: no direction works any more. */
    private void lost(IOException e) {
        if (!closed) {
            fail(gone(e));
            peerDid(CdcFlags.ABORT);
        }
    }

    private SmcException gone(IOException e) {
        return new SmcException(
                Category.RECONNECT, "Connection to " + peer + ": " + TcpSockets.howEnded(e) + "; reconnect", e);
    }

    private void peerDid(int flag) {
        int before = peerFlags.getAndUpdate(flags -> flags | flag);
        if ((before & flag) == 0) {
            listener.peerStateFlags(before | flag);
        }
    }

    private void throwFailure() throws SmcException {
        SmcException reason = failure.get();
        if (reason != null) {
            throw new SmcException(reason.category(), String.valueOf(reason.getMessage()), reason);
        }
    }
}
