package io.smc4j.actors.channel;

import io.smc4j.SmcException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings accepted connections and those who want one together, in the order of their coming. Any thread.
 *
 * @param <C> a connection
 */
public final class AcceptQueue<C> {
    /**
     * Somebody who wants a connection.
     *
     * @param onlyWaits whether nothing hangs on it but a thread that sleeps: then it may be completed in anybody's turn
     */
    private record Wanted<C>(CompletableFuture<C> future, boolean onlyWaits) {}

    private final int backlog;
    private final Consumer<C> discard;
    private final Executor callbacks;
    private final Deque<C> connections = new ArrayDeque<>();
    private final Deque<Wanted<C>> accepts = new ArrayDeque<>();
    private @Nullable SmcException closed;

    /**
     * @param backlog most connections that nobody has taken yet
     * @param discard gets rid of those that nobody will
     * @param callbacks runs what applications hang on their accepts, so that the listener's actor does not
     */
    public AcceptQueue(int backlog, Consumer<C> discard, Executor callbacks) {
        this.backlog = backlog;
        this.discard = discard;
        this.callbacks = callbacks;
    }

    /** Hands out a connection. False if the queue is full or closed: it stays the caller's. */
    public boolean offer(C connection) {
        Wanted<C> accept;
        synchronized (this) {
            if (closed != null) {
                return false;
            }
            accept = accepts.poll();
            if (accept == null) {
                return connections.size() < backlog && connections.offer(connection);
            }
        }
        complete(accept, connection);
        return true;
    }

    /** The next connection, now or later; fails with the reason of {@link #close}. */
    public CompletableFuture<C> accept() {
        return accept(false);
    }

    private CompletableFuture<C> accept(boolean onlyWaits) {
        CompletableFuture<C> accept = new CompletableFuture<>();
        synchronized (this) {
            C connection = connections.poll();
            if (connection != null) {
                boolean _ = accept.complete(connection);
            } else if (closed != null) {
                boolean _ = accept.completeExceptionally(closed);
            } else {
                accepts.add(new Wanted<>(accept, onlyWaits));
            }
        }
        return accept;
    }

    /** As {@link #accept}, waiting for it. A thread that is interrupted takes no connection away. */
    public C acceptBlocking() throws SmcException, InterruptedException {
        CompletableFuture<C> accept = accept(true);
        try {
            return accept.get();
        } catch (InterruptedException e) {
            if (!withdraw(accept)) {
                CompletableFuture<Void> _ =
                        accept.thenAccept(this::giveBack); // it has, or is about to get, a connection
            }
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SmcException reason) {
                throw new SmcException(reason.category(), String.valueOf(reason.getMessage()), reason);
            }
            throw new SmcException(SmcException.Category.BUG, "Accepting failed: " + e.getCause(), e);
        }
    }

    @SuppressWarnings("UndefinedEquals") // futures are equal if they are the same, which is what is asked
    private synchronized boolean withdraw(CompletableFuture<C> accept) {
        return accepts.removeIf(wanted -> wanted.future() == accept);
    }

    private void giveBack(C connection) {
        Wanted<C> accept;
        boolean dead;
        synchronized (this) {
            dead = closed != null;
            accept = accepts.poll();
            if (!dead && accept == null) {
                connections.addFirst(connection);
            }
        }
        if (accept != null) {
            complete(accept, connection);
        } else if (dead) {
            discard.accept(connection);
        }
    }

    private void complete(Wanted<C> accept, C connection) {
        if (accept.onlyWaits()) {
            give(accept.future(), connection);
        } else {
            callbacks.execute(() -> give(accept.future(), connection));
        }
    }

    private void give(CompletableFuture<C> accept, C connection) {
        if (!accept.complete(connection)) {
            giveBack(connection); // whoever wanted it has cancelled
        }
    }

    /** Connections that nobody has taken yet. */
    public synchronized int waiting() {
        return connections.size();
    }

    /** Fails accepts, now waiting and later, with {@code reason}, and discards connections that nobody took. Idempotent. */
    public void close(SmcException reason) {
        List<Wanted<C>> failed;
        List<C> untaken;
        synchronized (this) {
            if (closed == null) {
                closed = reason;
            }
            failed = new ArrayList<>(accepts);
            untaken = new ArrayList<>(connections);
            accepts.clear();
            connections.clear();
        }
        failed.forEach(accept -> callbacks.execute(() -> accept.future().completeExceptionally(reason)));
        untaken.forEach(discard);
    }
}
