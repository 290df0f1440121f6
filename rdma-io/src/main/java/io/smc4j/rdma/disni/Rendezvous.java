package io.smc4j.rdma.disni;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How one queue pair meets its peer by rdma_cm.
 *
 * <p>From its creation on it listens at a port of its own, which its number names. Once the peer's GID and number are known, one end
 * ({@link CmNumber#connects}) gives its listener up, binds the same port again and connects from it; the other accepts. A request
 * counts as the peer's only if it comes from exactly the peer's address and port, which the peer's kernel vouches for. Requests that
 * come earlier than the numbers wait (a few of them); all others are rejected. DiSNI does not show private data, so no token could
 * be asked for instead.
 *
 * <p>A thread of its own waits for the channel's events. The lock is held while ids are made, used and destroyed.
 */
final class Rendezvous {
    /** Requests that may wait until the peer is known. */
    static final int MOST_EARLY = 4;

    private static final int EVENT_MILLIS = 250;
    private static final int RESOLVE_MILLIS = 2000;
    private static final int BACKLOG = 8;

    /** As Linux SMC connects its queue pairs; rdma_cm wants to know before RTS does. */
    private static final int RETRIES = 7;

    /** The queue pair. */
    interface Owner {
        /** Makes the queue pair of this id and posts what was posted before there was one. */
        void make(Jverbs.Id id) throws IOException;

        /** The connection is lost, or cannot be made. */
        void broke();
    }

    private enum State {
        LISTENING,
        CONNECTING,
        ACCEPTING,
        ESTABLISHED,
        FAILED,
        CLOSED
    }

    private final Jverbs.Channel channel;
    private final Owner owner;
    private final InetSocketAddress local;
    private final CompletableFuture<String> outcome = new CompletableFuture<>();
    private final List<Jverbs.Id> early = new ArrayList<>();
    private final List<Jverbs.Id> ids = new ArrayList<>();
    private volatile boolean disconnectWanted;
    private State state = State.LISTENING;
    private @Nullable InetSocketAddress peer;
    private Jverbs.@Nullable Id made;

    private Rendezvous(Jverbs.Channel channel, Jverbs.Id listener, InetSocketAddress local, Owner owner) {
        this.channel = channel;
        this.local = local;
        this.owner = owner;
        ids.add(listener);
    }

    /** Listens at a free port of an address. */
    static Rendezvous listen(Jverbs verbs, InetAddress address, Owner owner) throws IOException {
        Jverbs.Channel channel = verbs.openChannel();
        Jverbs.Id listener = null;
        Rendezvous rendezvous = null;
        try {
            listener = channel.createId();
            listener.bind(new InetSocketAddress(address, 0));
            int port = listener.local().getPort();
            listener.listen(BACKLOG);
            rendezvous = new Rendezvous(channel, listener, new InetSocketAddress(address, port), owner);
            Thread.ofPlatform().daemon().name("smc4j-disni-cm-" + port).start(rendezvous::run);
            return rendezvous;
        } finally {
            if (rendezvous == null) {
                if (listener != null) {
                    listener.destroy();
                }
                channel.destroy();
            }
        }
    }

    int port() {
        return local.getPort();
    }

    /** The peer is known: begins to connect or to accept, and returns. */
    synchronized void begin(InetSocketAddress remote, boolean connects) throws IOException {
        if (state != State.LISTENING) {
            throw new IOException("the rdma_cm connection is " + state);
        }
        peer = remote;
        if (connects) {
            state = State.CONNECTING;
            early.forEach(this::discard);
            early.clear();
            discard(ids.getFirst());
            Jverbs.Id id = channel.createId();
            ids.add(id);
            id.bind(local);
            id.resolveAddress(remote, RESOLVE_MILLIS);
        } else {
            state = State.ACCEPTING;
            for (Jverbs.Id request : early) {
                requested(request);
            }
            early.clear();
        }
    }

    /** Waits until both ends can send. */
    void await(long timeoutNanos) throws RdmaException {
        String failure;
        try {
            failure = outcome.get(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            failure = "nothing came from it within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = "the wait was interrupted";
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        if (!failure.isEmpty()) {
            throw new RdmaException(Category.UNREACHABLE, "no rdma_cm connection to " + peerName() + ": " + failure);
        }
    }

    private synchronized String peerName() {
        return String.valueOf(peer);
    }

    /** Moves the queue pair to ERROR, if there is one already. */
    synchronized void disconnect() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.FAILED;
        outcome.complete("the queue pair was moved to ERROR");
        disconnectMade();
    }

    /** The same, by the thread of the events: for the owner of the completion queue, who must not wait for the lock. */
    void disconnectSoon() {
        disconnectWanted = true;
    }

    private void disconnectMade() {
        Jverbs.Id id = made;
        if (id != null) {
            try {
                id.disconnect();
            } catch (IOException e) {
                // It fails only if the device is gone, and then nothing of it works any more either.
            }
        }
    }

    /** Destroys the queue pair and all ids; the peer sees a disconnect. */
    synchronized void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        outcome.complete("the queue pair was destroyed");
        Jverbs.Id id = made;
        if (id != null) {
            try {
                id.destroyPair();
            } catch (IOException e) {
                throw new IllegalStateException("cannot destroy the queue pair at " + local + ": " + e.getMessage(), e);
            }
        }
        List.copyOf(ids).forEach(this::discard);
    }

    // ---- events ----

    private void run() {
        try {
            while (!isClosed()) {
                Jverbs.Event event = channel.next(EVENT_MILLIS);
                if (event != null) {
                    on(event);
                }
                if (disconnectWanted) {
                    disconnectWanted = false;
                    disconnect();
                }
            }
        } catch (IOException e) {
            synchronized (this) {
                fail("its rdma_cm events cannot be read: " + e.getMessage());
            }
        } finally {
            end();
        }
    }

    private synchronized boolean isClosed() {
        return state == State.CLOSED;
    }

    private void end() {
        if (isClosed()) {
            try {
                channel.destroy();
            } catch (IOException e) {
                // nothing is left that it could deliver
            }
        }
    }

    synchronized void on(Jverbs.Event event) {
        if (event.type() == Jverbs.EventType.CONNECT_REQUEST) {
            ids.add(event.id());
            requested(event.id());
            return;
        }
        if (!ids.contains(event.id()) || state == State.CLOSED || state == State.FAILED) {
            return;
        }
        try {
            switch (event.type()) {
                case ADDR_RESOLVED -> event.id().resolveRoute(RESOLVE_MILLIS);
                case ROUTE_RESOLVED -> {
                    make(event.id());
                    event.id().connect(RETRIES, RETRIES);
                }
                case ESTABLISHED -> {
                    state = State.ESTABLISHED;
                    outcome.complete("");
                }
                case ADDR_ERROR, ROUTE_ERROR, CONNECT_ERROR, UNREACHABLE, REJECTED, DISCONNECTED, DEVICE_REMOVAL -> {
                    fail("rdma_cm reports " + event.type());
                }
                default -> {
                    // nothing to do
                }
            }
        } catch (IOException e) {
            fail(e.getMessage());
        }
    }

    /** A request came, now or earlier. */
    private void requested(Jverbs.Id request) {
        try {
            if (state == State.LISTENING && early.size() < MOST_EARLY) {
                early.add(request);
            } else if (state == State.ACCEPTING
                    && made == null
                    && request.remote().equals(peer)) {
                make(request);
                request.accept(RETRIES, RETRIES);
            } else {
                discard(request);
            }
        } catch (IOException e) {
            if (made == request) {
                fail(e.getMessage());
            } else {
                discard(request);
            }
        }
    }

    private void make(Jverbs.Id id) throws IOException {
        owner.make(id);
        made = id;
    }

    private void fail(@Nullable String why) {
        if (state != State.FAILED && state != State.CLOSED) {
            state = State.FAILED;
            outcome.complete(String.valueOf(why));
            disconnectMade();
            owner.broke();
        }
    }

    private void discard(Jverbs.Id id) {
        ids.remove(id);
        try {
            id.destroy();
        } catch (IOException e) {
            // It exists no more, or the device is gone.
        }
    }
}
