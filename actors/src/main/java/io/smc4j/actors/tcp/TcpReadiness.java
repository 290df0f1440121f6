package io.smc4j.actors.tcp;

import io.smc4j.actors.loop.ControlLoop;
import io.smc4j.actors.loop.LoopGuest;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when TCP sockets become readable, writable, connected or have somebody to accept, or that it took too long: one thread for
 * all of them, asleep in the kernel while there is nothing to tell. That is the thread of the node's control actors where those run
 * on a {@link ControlLoop}, so that what a socket tells reaches its actor without a hand-off; else one of its own, started with the
 * first question.
 *
 * <p>A question is answered once and then forgotten, so a socket nobody asks about costs nothing, whatever its peer does. Only the
 * thread touches selection keys; everybody else leaves a note and wakes it, which the selector remembers if it is not asleep: no
 * wake-up is lost. Any thread.
 */
public final class TcpReadiness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpReadiness.class);
    private static final int ALL =
            SelectionKey.OP_READ | SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT | SelectionKey.OP_ACCEPT;
    private static final int EXPIRED = 0;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** While something in memory is awaited, of which nobody tells. */
    private static final long MILLIS_BETWEEN_LOOKS = 2;

    /** Hears answers, on the readiness thread, where it must not block. */
    interface Handler {
        /**
         * The socket is ready.
         *
         * @param operations of {@link SelectionKey#OP_READ} and so on, those asked for
         */
        void ready(int operations);

        /** A deadline has passed. */
        default void expired() {}

        /** There will be no answers any more: the node stops. */
        void readinessClosed();
    }

    private final Object lifecycle = new Object();
    private final @Nullable ControlLoop given;
    private final Queue<Registration> notes = new ConcurrentLinkedQueue<>();
    private final Queue<CompletableFuture<Done>> selected = new ConcurrentLinkedQueue<>();
    private final Conditions conditions = new Conditions();
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>(Deadline.EARLIEST_FIRST);
    private final AtomicLong selections = new AtomicLong();
    private @Nullable TcpReadiness applications;
    private volatile @Nullable ControlLoop loop;
    private volatile @Nullable Selector selector;
    private volatile boolean closed;

    /** With a thread of its own. */
    public TcpReadiness() {
        this(null);
    }

    private TcpReadiness(@Nullable ControlLoop given) {
        this.given = given;
    }

    /** On the calling thread's control loop if that has no other guest, else on a thread of its own. */
    public static TcpReadiness here() {
        return new TcpReadiness(ControlLoop.current().orElse(null));
    }

    /**
     * The one for sockets whose handlers run code of applications, which must not hold up handshakes: on a thread of its own. Closed
     * with this one.
     */
    public TcpReadiness applications() {
        synchronized (lifecycle) {
            TcpReadiness existing = applications;
            if (existing == null) {
                existing = new TcpReadiness();
                applications = existing;
                if (closed) {
                    existing.close();
                }
            }
            return existing;
        }
    }

    /** A socket to ask about. The socket must be in non-blocking mode. */
    Registration register(SelectableChannel socket, Handler handler) {
        return new Registration(socket, handler);
    }

    /**
     * Looks now and then whether something in memory has become true, for what nobody is in a hurry for. The stage completes on the
     * readiness thread, with false when the time is over; it fails if the condition throws, or the node stops.
     */
    public CompletionStage<Boolean> await(BooleanSupplier condition, Duration timeout) {
        CompletableFuture<Boolean> result = conditions.add(condition, timeout);
        wakeOr(() -> result.completeExceptionally(Conditions.stopped()));
        return result;
    }

    /** Completes when every socket closed until now really is: one that a selector knows is only closed by the next selection. */
    CompletionStage<Done> selected() {
        CompletableFuture<Done> result = new CompletableFuture<>();
        selected.add(result);
        wakeOr(() -> result.complete(Done.getInstance()));
        return result;
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
        private final SelectableChannel socket;
        private final Handler handler;
        private final AtomicInteger wanted = new AtomicInteger();
        private final AtomicBoolean noted = new AtomicBoolean();
        private volatile @Nullable Deadline deadline;
        private volatile boolean released;
        private volatile boolean left;

        private Registration(SelectableChannel socket, Handler handler) {
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

        /** Leaves the socket to another registration of this readiness: wants nothing any more, whatever it says. */
        void release() {
            released = true;
            forgetDeadline();
        }

        /** Leaves the socket to a registration of another readiness: this one forgets it. */
        void leave() {
            left = true;
            release();
            note(this);
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
            ControlLoop running = loop;
            if (running == null || !running.isCurrent()) { // which selects before it sleeps
                wakeUp(); // a socket that is registered is only really closed by the next selection
            }
        }
    }

    private void note(Registration registration) {
        if (registration.noted.compareAndSet(false, true)) {
            notes.add(registration);
        }
        wakeOr(registration.handler::readinessClosed);
    }

    /** Has the thread look at what was left for it, or does without if there will be none any more. */
    private void wakeOr(Runnable closed) {
        ControlLoop running = running();
        if (running == null) {
            closed.run();
        } else if (!running.isCurrent()) { // which looks before it sleeps
            wakeUp();
        }
    }

    private @Nullable ControlLoop running() {
        synchronized (lifecycle) {
            if (selector == null && !closed) {
                try {
                    selector = Selector.open();
                    loop = begin();
                } catch (IOException e) {
                    LOG.error(
                            "No selector could be opened, so TCP connections cannot be served: {}", e.getMessage(), e);
                    closed = true;
                }
            }
            return closed ? null : loop;
        }
    }

    private ControlLoop begin() {
        Turns turns = new Turns();
        ControlLoop shared = given;
        if (shared != null && shared.host(turns)) {
            return shared;
        }
        ControlLoop own = ControlLoop.start("smc4j-tcp-readiness");
        var _ = own.host(turns);
        return own;
    }

    private void wakeUp() {
        Selector running = selector;
        if (running != null) {
            var _ = running.wakeup();
        }
    }

    // ---- on the readiness thread ----

    private final class Turns implements LoopGuest {
        private final Consumer<SelectionKey> answer = TcpReadiness.this::answer;
        private final List<CompletableFuture<Done>> selecting = new ArrayList<>();
        private boolean over;

        @Override
        public boolean poll() {
            return turn(false);
        }

        @Override
        public void await() {
            var _ = turn(true);
        }

        private boolean turn(boolean sleeps) {
            Selector opened = selector;
            if (over || opened == null) {
                return false;
            }
            try {
                takeSelected(); // who comes during the selection waits for the next one
                // Before the selection: who is told and wishes again at once stays registered as it was. If somebody
                // was told it must not sleep: what they do about it may wait in the loop already.
                boolean noted = takeNotes(opened);
                int answered = sleeps && !noted ? opened.select(answer, untilDeadline()) : opened.selectNow(answer);
                boolean told = tellSelected() | expire() | conditions.look() | noted;
                if (sleeps) {
                    selections.setOpaque(selections.getPlain() + 1);
                }
                if (closed) {
                    end(opened);
                }
                return told || answered > 0;
            } catch (IOException | RuntimeException e) {
                LOG.error("TCP readiness ends; TCP connections fail: {}", e.getMessage(), e);
                end(opened);
                return false;
            }
        }

        @Override
        public void wakeUp() {
            TcpReadiness.this.wakeUp();
        }

        @Override
        public void loopEnds() {
            closed = true;
            Selector opened = selector;
            if (!over && opened != null) {
                end(opened);
            }
        }

        private void takeSelected() {
            for (CompletableFuture<Done> next = selected.poll(); next != null; next = selected.poll()) {
                selecting.add(next);
            }
        }

        private boolean tellSelected() {
            boolean any = !selecting.isEmpty();
            selecting.forEach(waiting -> waiting.complete(Done.getInstance()));
            selecting.clear();
            return any;
        }

        /** Tells everybody who waits that it is over. */
        private void end(Selector opened) {
            over = true;
            closed = true;
            if (opened.isOpen()) {
                opened.keys().forEach(key -> tellClosed((Registration) key.attachment()));
            }
            try {
                opened.close();
            } catch (IOException e) {
                LOG.debug("Closing the selector of TCP connections failed", e);
            }
            for (Registration left = notes.poll(); left != null; left = notes.poll()) {
                tellClosed(left);
            }
            conditions.fail();
            takeSelected();
            var _ = tellSelected();
            ControlLoop was = loop;
            if (was != null) {
                was.leave(this);
                if (was != given) {
                    was.shutdown();
                }
            }
        }
    }

    /** @return milliseconds until the next deadline, 0 if there is none */
    private long untilDeadline() {
        Deadline next = deadlines.peek();
        long longest = conditions.isEmpty() ? 0 : MILLIS_BETWEEN_LOOKS;
        if (next == null) {
            return longest;
        }
        long millis =
                Math.max(1, TimeUnit.NANOSECONDS.toMillis(next.nanoTime - System.nanoTime() + NANOS_PER_MILLI - 1));
        return longest == 0 ? millis : Math.min(millis, longest);
    }

    private boolean expire() {
        boolean any = false;
        for (Deadline next = deadlines.peek();
                next != null && (next.whose == null || next.nanoTime - System.nanoTime() <= 0);
                next = deadlines.peek()) {
            deadlines.remove();
            Registration whose = next.whose;
            if (whose != null) {
                any = true;
                tell(whose, EXPIRED);
            }
        }
        return any;
    }

    private boolean takeNotes(Selector opened) {
        boolean any = false;
        for (Registration next = notes.poll(); next != null; next = notes.poll()) {
            any = true;
            next.noted.set(false); // before looking, so that a later wish makes a new note
            if (next.left) {
                forget(next, opened);
            }
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
        return any;
    }

    private static void forget(Registration gone, Selector opened) {
        SelectionKey key = gone.socket.keyFor(opened);
        if (key != null && key.attachment() == gone) {
            key.cancel();
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

    /** Ends it, and fails what still waits. Idempotent. */
    @Override
    public void close() {
        synchronized (lifecycle) {
            closed = true;
            if (applications != null) {
                applications.close();
            }
        }
        wakeUp();
    }
}
