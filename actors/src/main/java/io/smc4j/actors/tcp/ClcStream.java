package io.smc4j.actors.tcp;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.rdma.tcpoption.OptionMark;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection while its ends exchange CLC messages. Calls return at once; nobody waits for the socket but the node's {@link
 * TcpReadiness}, on whose thread stages complete, or at once on the caller's.
 *
 * <p>Not a byte beyond a CLC message is ever read, so that {@link #handOver} gives the application the stream exactly as its peer
 * sent it. A read that timed out keeps what had arrived.
 *
 * <p>One read (or connecting) at a time; writes keep their order. The owner closes it unless it handed the socket over; closing ends
 * whatever waits. Any thread. Source: specification of CLC in RFC 7609 section 3, timeouts as Linux.
 */
public final class ClcStream implements AutoCloseable {
    /** Enough even if three in four ports are in use. */
    private static final int GUESSES = 16;

    private final SocketChannel socket;
    private final TcpReadiness.Registration registration;
    private final ClcMessageReader reader = new ClcMessageReader();

    /** What is to be taken for the first bytes of the connection. */
    private final ByteBuffer opening;

    /** A read or connecting is under way. */
    private final AtomicBoolean busy = new AtomicBoolean();

    /** The one under way, while nobody works on it. Who takes it works on it. */
    private final AtomicReference<@Nullable Waiting<?>> waiting = new AtomicReference<>();

    private final Object writeOrder = new Object();
    private final Deque<Outgoing> unsent = new ArrayDeque<>();
    private volatile boolean closed;
    private volatile boolean handedOver;

    private ClcStream(SocketChannel socket, TcpReadiness readiness, byte[] opening) throws IOException {
        this.socket = socket;
        this.opening = ByteBuffer.wrap(opening);
        socket.configureBlocking(false);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        registration = readiness.register(socket, new Ready());
    }

    /** A socket to {@link #connect}. */
    public static ClcStream open(TcpReadiness readiness) throws SmcException {
        try {
            return new ClcStream(SocketChannel.open(), readiness, new byte[0]);
        } catch (IOException e) {
            throw new SmcException(Category.RETRY, "No TCP socket could be opened: " + e.getMessage(), e);
        }
    }

    /** An accepted socket, which the stream owns from now on. */
    public static ClcStream of(SocketChannel accepted, TcpReadiness readiness) throws SmcException {
        return of(accepted, readiness, new byte[0]);
    }

    /** An accepted socket, which the stream owns from now on. @param opening bytes that come before all others on it */
    public static ClcStream of(SocketChannel accepted, TcpReadiness readiness, byte[] opening) throws SmcException {
        try {
            return new ClcStream(accepted, readiness, opening);
        } catch (IOException e) {
            TcpSockets.closeQuietly(accepted);
            throw new SmcException(
                    Category.RECONNECT, "An accepted TCP connection was gone at once: " + e.getMessage(), e);
        }
    }

    /** Connects to {@code remote}. The stage fails with an {@link SmcException} that says why it could not. */
    public CompletionStage<Done> connect(
            InetSocketAddress remote, Optional<InetSocketAddress> local, Duration timeout) {
        return begin(new Connecting(remote, local, timeout));
    }

    /** Binds the socket before {@link #connect}, which then must not name a local address. @return the bound address */
    public InetSocketAddress bind(InetSocketAddress local) throws SmcException {
        bind(Optional.of(local));
        return localAddress();
    }

    /** As {@link #bind(InetSocketAddress)}; if the address has no port, to one of these that is free, else of the kernel's choice. */
    public InetSocketAddress bind(InetSocketAddress local, EphemeralPorts ports) throws SmcException {
        for (int i = 0; i < GUESSES && local.getPort() == 0; i++) {
            OptionalInt port = ports.any();
            if (port.isEmpty()) {
                break;
            }
            if (bound(new InetSocketAddress(local.getAddress(), port.getAsInt()))) {
                return localAddress();
            }
        }
        return bind(local);
    }

    /** @return false if it cannot be bound to that */
    private boolean bound(InetSocketAddress local) throws SmcException {
        try {
            socket.bind(local);
            return true;
        } catch (BindException e) {
            return false; // somebody has the port; whatever else it is, the kernel says it once more
        } catch (IOException | RuntimeException e) {
            throw unusable(local, e);
        }
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
            throw unusable(local.get(), e);
        }
    }

    private static SmcException unusable(InetSocketAddress local, Exception e) {
        return new SmcException(
                Category.CONFIGURATION, "Local address " + local + " cannot be used: " + e.getMessage(), e);
    }

    /**
     * Reads one message.
     *
     * @param timeout for all of it; what has arrived by then is kept for the next call
     */
    public CompletionStage<ClcReadResult> readMessage(Duration timeout) {
        return begin(new ReadingMessage(timeout));
    }

    /**
     * Waits until there is something to read, be it the end of the stream, and reads nothing.
     *
     * @return whether there is, or the time is over
     */
    public CompletionStage<Boolean> awaitByte(Duration timeout) {
        return begin(new AwaitingByte(timeout));
    }

    /**
     * Finds out what kind of client this is, and reads its first message if it speaks CLC.
     *
     * @param firstByte how long to wait for the first byte
     * @param rest how long to wait for all others
     */
    public CompletionStage<Recognition> recognise(Duration firstByte, Duration rest) {
        return begin(new Recognising(firstByte, rest));
    }

    // ---- what waits for the socket ----

    /** Something that is done in as many steps as the socket needs. One thread at a time. */
    private abstract static class Waiting<T> {
        final CompletableFuture<T> result = new CompletableFuture<>();
        final int operation;
        Duration longest;
        boolean newDeadline = true;

        /** By the system's clock. */
        long deadline;

        Waiting(int operation, Duration longest) {
            this.operation = operation;
            this.longest = longest;
        }

        /**
         * Goes on as far as it can without waiting.
         *
         * @param over the time is over: it ends here
         * @return the result, or null if it has to wait: at most {@link #longest}, from now if {@link #newDeadline}
         */
        abstract @Nullable T step(boolean over) throws SmcException;
    }

    private final class Connecting extends Waiting<Done> {
        private final InetSocketAddress remote;
        private final Optional<InetSocketAddress> local;
        private boolean begun;

        Connecting(InetSocketAddress remote, Optional<InetSocketAddress> local, Duration timeout) {
            super(SelectionKey.OP_CONNECT, timeout);
            this.remote = remote;
            this.local = local;
        }

        @Override
        @Nullable
        Done step(boolean over) throws SmcException {
            if (remote.isUnresolved()) {
                throw new SmcException(
                        Category.CONFIGURATION, "Host " + remote.getHostString() + " is unknown: check its name");
            }
            boolean first = !begun;
            if (first) {
                bind(local);
                begun = true;
            }
            try {
                if (first && socket.connect(remote)) {
                    return Done.getInstance();
                }
                if (socket.finishConnect()) { // on one host at once
                    return Done.getInstance();
                }
            } catch (ConnectException e) {
                throw new SmcException(
                        Category.RETRY,
                        "No TCP connection to " + remote + ": " + e.getMessage() + "; is a server listening there?",
                        e);
            } catch (IOException e) {
                throw new SmcException(Category.RETRY, "No TCP connection to " + remote + ": " + e, e);
            }
            if (over) {
                throw new SmcException(
                        Category.RETRY, "No TCP connection to " + remote + " within " + longest.toMillis() + " ms");
            }
            return null;
        }
    }

    private final class ReadingMessage extends Waiting<ClcReadResult> {
        ReadingMessage(Duration timeout) {
            super(SelectionKey.OP_READ, timeout);
        }

        @Override
        @Nullable
        ClcReadResult step(boolean over) {
            return readWhole(over);
        }
    }

    private static final class AwaitingByte extends Waiting<Boolean> {
        private boolean asked;

        AwaitingByte(Duration timeout) {
            super(SelectionKey.OP_READ, timeout);
        }

        @Override
        @Nullable
        Boolean step(boolean over) {
            if (asked) {
                return !over; // only the answer, or the time, brings it here again
            }
            asked = true;
            return null;
        }
    }

    private final class Recognising extends Waiting<Recognition> {
        private final Duration rest;
        private boolean begun;

        Recognising(Duration firstByte, Duration rest) {
            super(SelectionKey.OP_READ, firstByte);
            this.rest = rest;
        }

        @Override
        @Nullable
        Recognition step(boolean isOver) {
            boolean over = isOver;
            try {
                Filled last = Filled.BYTES;
                while (last == Filled.BYTES && reader.missingOfEyecatcher() > 0 && reader.couldBeClc()) {
                    last = fill(reader.missingOfEyecatcher());
                    if (last == Filled.BYTES && !begun) {
                        begun = true;
                        longest = rest;
                        newDeadline = true;
                        over = false;
                    }
                }
                if (last == Filled.NOTHING && !over) {
                    return null;
                }
                if (last == Filled.NOTHING && !begun) {
                    return new Recognition.NoBytes();
                }
                // A client that stops within the eyecatcher has not shown that it speaks CLC: its bytes are the
                // application's.
                if (reader.missingOfEyecatcher() > 0 || !reader.couldBeClc()) {
                    return new Recognition.OrdinaryTcp(ByteString.fromArray(reader.bytes(), 0, reader.filled()));
                }
                ClcReadResult message = readWhole(over);
                return message == null ? null : new Recognition.Smc(message);
            } catch (ProtocolViolation e) {
                return new Recognition.Smc(new ClcReadResult.Violation(e));
            } catch (IOException e) {
                return new Recognition.Gone(TcpSockets.howEnded(e));
            }
        }
    }

    private @Nullable ClcReadResult readWhole(boolean over) {
        try {
            while (reader.missing() > 0) {
                switch (fill(reader.missing())) {
                    case BYTES -> {}
                    case NOTHING -> {
                        return over ? new ClcReadResult.Timeout(reader.filled()) : null;
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
        NOTHING,
        END
    }

    /** Reads at most {@code most} bytes, if there are any. */
    private Filled fill(int most) throws IOException, ProtocolViolation {
        if (opening.hasRemaining()) {
            int taken = Math.min(most, opening.remaining());
            opening.get(reader.bytes(), reader.filled(), taken);
            reader.advance(taken);
            return Filled.BYTES;
        }
        int count = socket.read(ByteBuffer.wrap(reader.bytes(), reader.filled(), most));
        if (count <= 0) {
            return count < 0 ? Filled.END : Filled.NOTHING;
        }
        reader.advance(count);
        return Filled.BYTES;
    }

    private <T> CompletionStage<T> begin(Waiting<T> next) {
        if (handedOver || !busy.compareAndSet(false, true)) {
            return CompletableFuture.failedStage(new SmcException(
                    Category.BUG,
                    handedOver ? "The socket was handed over" : "Another read of this CLC stream has not ended"));
        }
        goOn(next);
        return next.result.minimalCompletionStage();
    }

    /** Works on it, which the caller has taken, and puts it back if it has to wait. */
    private <T> void goOn(Waiting<T> taken) {
        T result;
        try {
            // A deadline of an earlier read may have woken it.
            result = taken.step(!taken.newDeadline && System.nanoTime() - taken.deadline >= 0);
        } catch (SmcException | RuntimeException e) {
            registration.forgetDeadline();
            busy.set(false); // before the stage completes, so that whoever hears of it can go on
            taken.result.completeExceptionally(e);
            return;
        }
        if (result != null) {
            registration.forgetDeadline();
            busy.set(false);
            taken.result.complete(result);
            return;
        }
        boolean newDeadline = taken.newDeadline;
        taken.newDeadline = false;
        long nanos = taken.longest.toNanos();
        taken.deadline = newDeadline ? System.nanoTime() + nanos : taken.deadline;
        waiting.set(taken); // from here on it is another thread's
        if (closed) {
            resume(); // it finds the socket closed
        } else if (newDeadline) {
            registration.want(taken.operation, nanos);
        } else {
            registration.want(taken.operation);
        }
    }

    private void resume() {
        Waiting<?> taken = waiting.getAndSet(null);
        if (taken != null) {
            goOn(taken);
        }
    }

    /** On the readiness thread. */
    private final class Ready implements TcpReadiness.Handler {
        @Override
        public void ready(int operations) {
            if ((operations & SelectionKey.OP_WRITE) != 0) {
                send();
            }
            if ((operations & ~SelectionKey.OP_WRITE) != 0) {
                resume();
            }
        }

        @Override
        public void expired() {
            resume();
        }

        @Override
        public void readinessClosed() {
            close(); // the node stops
        }
    }

    // ---- writing ----

    private record Outgoing(ClcMessage message, ByteBuffer bytes, CompletableFuture<Done> sent) {}

    /**
     * Sends a message behind all that were sent before. The stage fails with an {@link SmcException} if the connection is gone.
     *
     * <p>A handshake writes a few hundred bytes, for which a new connection's kernel buffer has room: so they are on their way when
     * this returns, and when the socket is handed over.
     */
    public CompletionStage<Done> writeMessage(ClcMessage message) {
        if (handedOver) {
            return CompletableFuture.failedStage(new SmcException(Category.BUG, "The socket was handed over"));
        }
        Outgoing added = new Outgoing(message, ByteBuffer.wrap(ClcCodec.encode(message)), new CompletableFuture<>());
        synchronized (writeOrder) {
            unsent.add(added);
        }
        send();
        return added.sent.minimalCompletionStage();
    }

    private void send() {
        synchronized (writeOrder) {
            Outgoing next;
            while ((next = unsent.peek()) != null) {
                try {
                    var _ = socket.write(next.bytes);
                } catch (IOException | NotYetConnectedException e) {
                    unsent.remove();
                    next.sent.completeExceptionally(notSent(next.message, e));
                    continue;
                }
                if (next.bytes.hasRemaining()) {
                    registration.want(SelectionKey.OP_WRITE);
                    return;
                }
                unsent.remove();
                next.sent.complete(Done.getInstance());
            }
        }
    }

    private static SmcException notSent(ClcMessage message, Exception e) {
        String how = e instanceof IOException io ? TcpSockets.howEnded(io) : "the socket is not connected";
        return new SmcException(Category.RECONNECT, "CLC " + message.type() + " could not be sent: " + how, e);
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
     * @param socket open, in non-blocking mode
     * @param prefix bytes that were read from it and belong to no CLC message: the application must get them first
     */
    public record HandOver(SocketChannel socket, ByteString prefix) {}

    /**
     * Gives the socket away. Closing the stream does nothing from now on.
     *
     * @throws IllegalStateException if a read has not ended, or the socket was handed over already
     */
    public HandOver handOver() {
        HandOver given = giveAway();
        registration.release();
        return given;
    }

    /** As {@link #handOver}, to an owner that waits for it with another {@link TcpReadiness}. */
    public HandOver handOverElsewhere() {
        HandOver given = giveAway();
        registration.leave();
        return given;
    }

    private HandOver giveAway() {
        if (handedOver || !busy.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    handedOver ? "The socket was handed over already" : "A read of this CLC stream has not ended");
        }
        handedOver = true;
        return new HandOver(socket, reader.takeRest());
    }

    /**
     * After {@link #handOver}, when whoever the socket was given to never took it, or is told to end: resets the connection, so that
     * the peer hears at once that nobody is there. Idempotent.
     */
    public void resetHandedOver() {
        abort(socket);
        registration.closeSocket();
    }

    /** Closes a socket that nobody will have; that it cannot be closed does not matter then. */
    public static void discard(SocketChannel socket) {
        TcpSockets.closeQuietly(socket);
    }

    /** As {@link #close}, but the peer sees that this was no end in order. */
    public void reset() {
        if (!handedOver) {
            abort(socket);
        }
        close();
    }

    /** Closing it resets the connection from now on. */
    private static void abort(SocketChannel socket) {
        if (socket.isOpen()) {
            try {
                var _ = socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException | UnsupportedOperationException e) {
                // then there is nothing left to reset
            }
        }
    }

    /** Closes the socket unless it was handed over. Idempotent. */
    @Override
    public void close() {
        if (!handedOver) {
            registration.closeSocket();
            closed = true; // behind it: who sees this finds the socket closed
            resume(); // whatever waits finds the socket closed
            send();
        }
    }
}
