package io.smc4j.actors.tcp;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.rdma.tcpoption.OptionMark;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.util.ByteString;

/**
 * A TCP connection while its ends exchange CLC messages. Calls return at once; virtual threads do the waiting, and stages complete
 * on them.
 *
 * <p>Not a byte beyond a CLC message is ever read, so that {@link #handOver} gives the application the stream exactly as its peer
 * sent it. A read that timed out keeps what had arrived.
 *
 * <p>One read at a time; writes keep their order. The owner closes it unless it handed the socket over; closing ends whatever
 * waits. Any thread. Source: specification of CLC in RFC 7609 section 3, timeouts as Linux.
 */
public final class ClcStream implements AutoCloseable {
    /** Bytes that fit any kernel's send buffer (Linux: at least 4 KiB, 16 KiB by default) although nobody has read one yet. */
    private static final int SURE_ROOM = 2048;

    private final SocketChannel socket;
    private final LongSupplier nanoClock;
    private final ClcMessageReader reader = new ClcMessageReader();
    private final AtomicBoolean reading = new AtomicBoolean();
    private final Object writeOrder = new Object();
    private CompletionStage<Done> lastWrite = CompletableFuture.completedStage(Done.getInstance());
    private int written;
    private volatile boolean handedOver;

    private ClcStream(SocketChannel socket, LongSupplier nanoClock) {
        this.socket = socket;
        this.nanoClock = nanoClock;
    }

    /** A socket to {@link #connect}. */
    public static ClcStream open(LongSupplier nanoClock) throws SmcException {
        try {
            return new ClcStream(SocketChannel.open(), nanoClock);
        } catch (IOException e) {
            throw new SmcException(Category.RETRY, "No TCP socket could be opened: " + e.getMessage(), e);
        }
    }

    /** An accepted socket, which the stream owns from now on. */
    public static ClcStream of(SocketChannel accepted, LongSupplier nanoClock) throws SmcException {
        try {
            accepted.configureBlocking(true);
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new ClcStream(accepted, nanoClock);
        } catch (IOException e) {
            TcpSockets.closeQuietly(accepted);
            throw new SmcException(
                    Category.RECONNECT, "An accepted TCP connection was gone at once: " + e.getMessage(), e);
        }
    }

    /** Connects to {@code remote}. The stage fails with an {@link SmcException} that says why it could not. */
    public CompletionStage<Done> connect(
            InetSocketAddress remote, Optional<InetSocketAddress> local, Duration timeout) {
        return TcpSockets.onVirtualThread("smc4j-tcp-connect", () -> {
            if (remote.isUnresolved()) {
                throw new SmcException(
                        Category.CONFIGURATION, "Host " + remote.getHostString() + " is unknown: check its name");
            }
            bind(local);
            try {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                socket.socket().connect(remote, TcpSockets.timeoutMillis(timeout.toNanos()));
            } catch (SocketTimeoutException e) {
                throw new SmcException(
                        Category.RETRY, "No TCP connection to " + remote + " within " + timeout.toMillis() + " ms", e);
            } catch (ConnectException e) {
                throw new SmcException(
                        Category.RETRY,
                        "No TCP connection to " + remote + ": " + e.getMessage() + "; is a server listening there?",
                        e);
            } catch (IOException e) {
                throw new SmcException(Category.RETRY, "No TCP connection to " + remote + ": " + e, e);
            }
            return Done.getInstance();
        });
    }

    /** Binds the socket before {@link #connect}, which then must not name a local address. @return the bound address */
    public InetSocketAddress bind(InetSocketAddress local) throws SmcException {
        bind(Optional.of(local));
        return localAddress();
    }

    /** Before {@link #connect}: the SYN is to carry the TCP option. */
    public void wantOption() throws SmcException {
        try {
            OptionMark.want(socket);
        } catch (IOException e) {
            throw new SmcException(Category.RETRY, "The socket cannot ask for the TCP option: " + e.getMessage(), e);
        }
    }

    /** After {@link #connect}, once: what the peer's SYN-ACK said. */
    public OptionMark takeOption() throws SmcException {
        try {
            return OptionMark.take(socket);
        } catch (IOException e) {
            throw new SmcException(Category.RECONNECT, "The connection was gone at once: " + e.getMessage(), e);
        }
    }

    private void bind(Optional<InetSocketAddress> local) throws SmcException {
        if (local.isEmpty()) {
            return;
        }
        try {
            socket.bind(local.get());
        } catch (IOException | RuntimeException e) {
            throw new SmcException(
                    Category.CONFIGURATION, "Local address " + local.get() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Reads one message.
     *
     * @param timeout for all of it; what has arrived by then is kept for the next call
     */
    public CompletionStage<ClcReadResult> readMessage(Duration timeout) {
        return read(() -> readWhole(nanoClock.getAsLong() + timeout.toNanos()));
    }

    /**
     * Finds out what kind of client this is, and reads its first message if it speaks CLC.
     *
     * @param firstByte how long to wait for the first byte
     * @param rest how long to wait for all others
     */
    public CompletionStage<Recognition> recognise(Duration firstByte, Duration rest) {
        return read(() -> {
            try {
                Filled last = fill(reader.missingOfEyecatcher(), nanoClock.getAsLong() + firstByte.toNanos());
                if (last == Filled.TIMEOUT) {
                    return new Recognition.NoBytes();
                }
                long deadline = nanoClock.getAsLong() + rest.toNanos();
                while (last == Filled.BYTES && reader.missingOfEyecatcher() > 0 && reader.couldBeClc()) {
                    last = fill(reader.missingOfEyecatcher(), deadline);
                }
                // A client that stops within the eyecatcher has not shown that it speaks CLC: its bytes are the
                // application's.
                return reader.missingOfEyecatcher() > 0 || !reader.couldBeClc()
                        ? new Recognition.OrdinaryTcp(ByteString.fromArray(reader.bytes(), 0, reader.filled()))
                        : new Recognition.Smc(readWhole(deadline));
            } catch (ProtocolViolation e) {
                return new Recognition.Smc(new ClcReadResult.Violation(e));
            } catch (IOException e) {
                return new Recognition.Gone(TcpSockets.howEnded(e));
            }
        });
    }

    private ClcReadResult readWhole(long deadline) {
        try {
            while (reader.missing() > 0) {
                switch (fill(reader.missing(), deadline)) {
                    case BYTES -> {}
                    case TIMEOUT -> {
                        return new ClcReadResult.Timeout(reader.filled());
                    }
                    case END -> {
                        return new ClcReadResult.Closed("the peer closed the TCP connection", reader.filled());
                    }
                }
            }
            return new ClcReadResult.Message(reader.take());
        } catch (ProtocolViolation e) {
            return new ClcReadResult.Violation(e);
        } catch (IOException e) {
            return new ClcReadResult.Closed(TcpSockets.howEnded(e), reader.filled());
        }
    }

    private enum Filled {
        BYTES,
        TIMEOUT,
        END
    }

    /** Waits for at least one byte and reads at most {@code most}. */
    private Filled fill(int most, long deadline) throws IOException, ProtocolViolation {
        long remaining = deadline - nanoClock.getAsLong();
        if (remaining <= 0) {
            return Filled.TIMEOUT;
        }
        socket.socket().setSoTimeout(TcpSockets.timeoutMillis(remaining));
        try {
            int count = socket.socket().getInputStream().read(reader.bytes(), reader.filled(), most);
            if (count < 0) {
                return Filled.END;
            }
            reader.advance(count);
            return Filled.BYTES;
        } catch (SocketTimeoutException e) {
            return Filled.TIMEOUT;
        }
    }

    private <T> CompletionStage<T> read(TcpSockets.Call<T> call) {
        if (handedOver || !reading.compareAndSet(false, true)) {
            return CompletableFuture.failedStage(new SmcException(
                    Category.BUG,
                    handedOver ? "The socket was handed over" : "Another read of this CLC stream has not ended"));
        }
        return TcpSockets.onVirtualThread("smc4j-clc-read", () -> {
            try {
                return call.run();
            } finally {
                reading.set(false); // before the stage completes, so that whoever hears of it can read on
            }
        });
    }

    /**
     * Sends a message behind all that were sent before. The stage fails with an {@link SmcException} if the connection is gone.
     *
     * <p>A handshake writes a few hundred bytes at most, for which a new connection's kernel buffer always has room: so they are
     * written here and now, without a thread that may wait, and are on their way when the socket is handed over.
     */
    public CompletionStage<Done> writeMessage(ClcMessage message) {
        if (handedOver) {
            return CompletableFuture.failedStage(new SmcException(Category.BUG, "The socket was handed over"));
        }
        synchronized (writeOrder) {
            ByteBuffer bytes = ByteBuffer.wrap(ClcCodec.encode(message));
            if (written + bytes.remaining() <= SURE_ROOM) {
                written += bytes.remaining();
                try {
                    return CompletableFuture.completedStage(write(message, bytes));
                } catch (SmcException e) {
                    return CompletableFuture.failedStage(e);
                }
            }
            written = SURE_ROOM; // nothing may overtake it
            lastWrite = lastWrite.thenCompose(
                    done -> TcpSockets.onVirtualThread("smc4j-clc-write", () -> write(message, bytes)));
            return lastWrite;
        }
    }

    private Done write(ClcMessage message, ByteBuffer bytes) throws SmcException {
        try {
            while (bytes.hasRemaining()) {
                var _ = socket.write(bytes);
            }
        } catch (IOException e) {
            throw new SmcException(
                    Category.RECONNECT, "CLC " + message.type() + " could not be sent: " + TcpSockets.howEnded(e), e);
        }
        return Done.getInstance();
    }

    /** Own address; the wildcard if not connected. */
    public InetSocketAddress localAddress() {
        return TcpSockets.localAddress(socket);
    }

    /** The peer's address; the wildcard if not connected. */
    public InetSocketAddress remoteAddress() {
        return TcpSockets.remoteAddress(socket);
    }

    /**
     * A socket that somebody else owns now.
     *
     * @param socket open, in blocking mode
     * @param prefix bytes that were read from it and belong to no CLC message: the application must get them first
     */
    public record HandOver(SocketChannel socket, ByteString prefix) {}

    /**
     * Gives the socket away. Closing the stream does nothing from now on.
     *
     * @throws IllegalStateException if a read has not ended, or the socket was handed over already
     */
    public HandOver handOver() {
        if (handedOver || !reading.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    handedOver ? "The socket was handed over already" : "A read of this CLC stream has not ended");
        }
        handedOver = true;
        return new HandOver(socket, reader.takeRest());
    }

    /** Closes a socket that nobody will have; that it cannot be closed does not matter then. */
    public static void discard(SocketChannel socket) {
        TcpSockets.closeQuietly(socket);
    }

    /** As {@link #close}, but the peer sees that this was no end in order. */
    public void reset() {
        if (!handedOver && socket.isOpen()) {
            try {
                var _ = socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException | UnsupportedOperationException e) {
                // then there is nothing left to reset
            }
        }
        close();
    }

    /** Closes the socket unless it was handed over. Idempotent. */
    @Override
    public void close() {
        if (!handedOver) {
            TcpSockets.closeQuietly(socket);
        }
    }
}
