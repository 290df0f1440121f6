package io.smc4j.actors.tcp;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when TCP sockets become readable, writable or connected, or that it took too long: one thread per node for all of them, started with
 * the first question, asleep in the kernel while there is nothing to tell.
 *
 * <p>A question is answered once and then forgotten, so a socket nobody asks about costs nothing, whatever its peer does. Only the
 * thread touches selection keys; everybody else leaves a note and wakes it, which the selector remembers if it is not asleep: no
 * wake-up is lost. Any thread.
 */
public final class TcpReadiness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpReadiness.class);
    private static final int ALL = SelectionKey.OP_READ | SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;
    private static final int EXPIRED = 0;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Hears answers, on the readiness thread, where it must not block. */
    interface Handler {
        /**
         * The socket is ready.
         *
         * @param operations of {@link SelectionKey#OP_READ}, {@link SelectionKey#OP_WRITE} and {@link SelectionKey#OP_CONNECT}, those
         *     asked for
         */
        void ready(int operations);

        /** A deadline has passed. */
        default void expired() {}

        /** There will be no answers any more: the node stops. */
        void readinessClosed();
    }

    private final Object lifecycle = new Object();
    private final Queue<Registration> notes = new ConcurrentLinkedQueue<>();
    private @Nullable Selector selector;
    private final AtomicLong selections = new AtomicLong();
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>(Deadline.EARLIEST_FIRST);
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    /** A socket to ask about. The socket must be in non-blocking mode. */
    Registration register(SocketChannel socket, Handler handler) {
        return new Registration(socket, handler);
    }

    /** When somebody is to be told. Until then it stays in the queue, but keeps nothing alive that does not need it any more. */
    private static final class Deadline {
        static final Comparator<Deadline> EARLIEST_FIRST = (a, b) -> Long.signum(a.nanoTime - b.nanoTime);

        final long nanoTime;

        /** Null if nobody waits for it any more. */
        volatile @Nullable Registration whose;

        Deadline(long nanoTime, Registration whose) {
            this.nanoTime = nanoTime;
            this.whose = whose;
        }
    }

    /** One socket's standing with the readiness thread. */
    final class Registration {
        private final SocketChannel socket;
        private final Handler handler;
        private final AtomicInteger wanted = new AtomicInteger();
        private final AtomicBoolean noted = new AtomicBoolean();
        private volatile @Nullable Deadline deadline;
        private volatile boolean released;

        private Registration(SocketChannel socket, Handler handler) {
            this.socket = socket;
            this.handler = handler;
        }

        /** Asks to be told once when {@code operation} is possible. Asking again before the answer changes nothing. */
        void want(int operation) {
            if ((wanted.getAndUpdate(ops -> ops | operation) & operation) == 0) {
                note(this);
            }
        }

        /** Asks to be told once when {@code operation} is possible, or so much time has passed. */
        void want(int operation, long nanos) {
            forgetDeadline();
            deadline = new Deadline(System.nanoTime() + nanos, this);
            wanted.getAndUpdate(ops -> ops | operation);
            note(this);
        }

        /** Leaves the socket to somebody else's registration: wants nothing any more, whatever it says. */
        void release() {
            released = true;
            forgetDeadline();
        }

        /** What it waited for is over. It may be told of the deadline all the same, if that passes just now. */
        void forgetDeadline() {
            Deadline old = deadline;
            deadline = null;
            if (old != null) {
                old.whose = null;
            }
        }

        /** Closes the socket, and sees to it that the kernel hears of it at once. */
        void closeSocket() {
            TcpSockets.closeQuietly(socket);
            wakeUp(); // a socket that is registered is only really closed by the next selection
        }
    }

    private void note(Registration registration) {
        if (registration.noted.compareAndSet(false, true)) {
            notes.add(registration);
        }
        Selector running = runningSelector();
        if (running == null) {
            registration.handler.readinessClosed();
        } else if (Thread.currentThread() != thread) { // which looks at the notes before it sleeps
            var _ = running.wakeup();
        }
    }

    private @Nullable Selector runningSelector() {
        synchronized (lifecycle) {
            if (selector == null && !closed) {
                try {
                    Selector opened = Selector.open();
                    selector = opened;
                    var _ = Thread.ofPlatform()
                            .daemon()
                            .name("smc4j-tcp-readiness")
                            .start(() -> run(opened));
                } catch (IOException e) {
                    LOG.error(
                            "No selector could be opened, so TCP connections cannot be served: {}", e.getMessage(), e);
                    closed = true;
                }
            }
            return closed ? null : selector;
        }
    }

    private void run(Selector opened) {
        thread = Thread.currentThread();
        try (opened) {
            while (!closed) {
                var _ = opened.select(this::answer, untilDeadline());
                expire();
                selections.setOpaque(selections.getPlain() + 1);
                takeNotes(opened);
            }
            for (SelectionKey key : opened.keys()) {
                tellClosed((Registration) key.attachment());
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("The TCP readiness thread ends; TCP connections fail: {}", e.getMessage(), e);
        } finally {
            closed = true;
            for (Registration left = notes.poll(); left != null; left = notes.poll()) {
                tellClosed(left);
            }
        }
    }

    /** @return milliseconds until the next deadline, 0 if there is none */
    private long untilDeadline() {
        Deadline next = deadlines.peek();
        return next == null
                ? 0
                : Math.max(1, TimeUnit.NANOSECONDS.toMillis(next.nanoTime - System.nanoTime() + NANOS_PER_MILLI - 1));
    }

    private void expire() {
        Deadline next;
        while ((next = deadlines.peek()) != null) {
            if (next.nanoTime - System.nanoTime() > 0) {
                return;
            }
            deadlines.remove();
            Registration whose = next.whose;
            if (whose != null) {
                tell(whose, EXPIRED);
            }
        }
    }

    private void takeNotes(Selector opened) {
        for (Registration next = notes.poll(); next != null; next = notes.poll()) {
            next.noted.set(false); // before looking, so that a later wish makes a new note
            if (next.released) {
                continue;
            }
            Deadline deadline = next.deadline;
            if (deadline != null) {
                deadlines.add(deadline);
            }
            try {
                SelectionKey key = next.socket.keyFor(opened);
                if (key != null) {
                    key.attach(next); // the socket may have been handed on
                    var _ = key.interestOps(next.wanted.get());
                } else {
                    var _ = next.socket.register(opened, next.wanted.get(), next);
                }
            } catch (ClosedChannelException | CancelledKeyException e) {
                tell(next, ALL); // whoever waits looks and finds it closed
            }
        }
    }

    private void answer(SelectionKey key) {
        Registration registration = (Registration) key.attachment();
        try {
            int ready = key.readyOps() & registration.wanted.get();
            // Forget first, then tell: a wish from within the answer is a new one.
            int left = registration.wanted.updateAndGet(ops -> ops & ~ready);
            var _ = key.interestOps(left);
            tell(registration, ready);
        } catch (CancelledKeyException e) {
            tell(registration, ALL);
        }
    }

    private static void tell(Registration registration, int operations) {
        try {
            if (operations == EXPIRED) {
                registration.handler.expired();
            } else {
                registration.handler.ready(operations);
            }
        } catch (RuntimeException e) {
            LOG.error("A callback of {} failed: {}", registration.socket, e.getMessage(), e);
        }
    }

    private static void tellClosed(Registration registration) {
        try {
            registration.handler.readinessClosed();
        } catch (RuntimeException e) {
            LOG.error("A callback of {} failed: {}", registration.socket, e.getMessage(), e);
        }
    }

    /** How often the thread woke, for tests of its sleep. */
    long selections() {
        return selections.getOpaque();
    }

    private void wakeUp() {
        Selector running;
        synchronized (lifecycle) {
            running = selector;
        }
        if (running != null) {
            var _ = running.wakeup();
        }
    }

    /** Ends the thread and fails what still waits. Idempotent. */
    @Override
    public void close() {
        closed = true;
        wakeUp();
    }
}
