package io.smc4j.actors.tcp;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/** Accepts TCP connections from a listening socket, one when it is asked for one. Owns the socket. Any thread. */
public final class TcpAcceptor {
    private final ServerSocketChannel socket;
    private final TcpReadiness readiness;
    private final TcpReadiness.Registration registration;
    private final AtomicReference<@Nullable CompletableFuture<SocketChannel>> asked = new AtomicReference<>();

    private TcpAcceptor(ServerSocketChannel socket, TcpReadiness readiness) {
        this.socket = socket;
        this.readiness = readiness;
        this.registration = readiness.register(socket, new Ready());
    }

    /** Takes {@code socket} over, which is bound. */
    public static TcpAcceptor of(ServerSocketChannel socket, TcpReadiness readiness) throws IOException {
        socket.configureBlocking(false);
        return new TcpAcceptor(socket, readiness);
    }

    /**
     * The next connection, now or later: the stage completes on the readiness thread or at once, and fails if the system gives none,
     * or the socket is closed. One at a time.
     */
    public CompletionStage<SocketChannel> accept() {
        CompletableFuture<SocketChannel> next = new CompletableFuture<>();
        if (!asked.compareAndSet(null, next)) {
            return CompletableFuture.failedStage(new SmcException(Category.BUG, "Another accept has not ended"));
        }
        look();
        return next;
    }

    private void look() {
        CompletableFuture<SocketChannel> waiting = asked.getAndSet(null); // whoever takes it looks
        if (waiting == null) {
            return;
        }
        try {
            SocketChannel accepted = socket.accept();
            if (accepted != null) {
                waiting.complete(accepted);
                return;
            }
        } catch (IOException | RuntimeException e) {
            waiting.completeExceptionally(e);
            return;
        }
        asked.set(waiting);
        if (socket.isOpen()) {
            registration.want(SelectionKey.OP_ACCEPT);
        } else {
            look(); // closed meanwhile: nobody else would say so
        }
    }

    private final class Ready implements TcpReadiness.Handler {
        @Override
        public void ready(int operations) {
            look();
        }

        @Override
        public void readinessClosed() {
            CompletableFuture<SocketChannel> waiting = asked.getAndSet(null);
            if (waiting != null) {
                waiting.completeExceptionally(
                        new SmcException(Category.RETRY, "The SMC node of this process was shut down"));
            }
        }
    }

    /** Closes the socket; an accept under way fails. @return completes when the port is free again */
    public CompletionStage<Done> close() {
        registration.closeSocket();
        look();
        return readiness.selected();
    }
}
