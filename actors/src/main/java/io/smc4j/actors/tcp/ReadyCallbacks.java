package io.smc4j.actors.tcp;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Those who wait for one direction of a socket: callbacks, each run once, and at most one thread in {@link #await}. */
final class ReadyCallbacks {
    private record Pending(Runnable callback, @Nullable Pending next) {}

    private final BooleanSupplier ready;
    private final BooleanSupplier over;
    private final Runnable ask;
    private final Runnable arrived;
    private final SocketWait wait;
    private final long spinNanos;
    private final AtomicReference<@Nullable Pending> pending = new AtomicReference<>();
    private final Waiter waiter = new Waiter();

    /**
     * @param ready whether there is nothing to wait for now
     * @param over cheaper than {@code ready}: whether there will never be anything to wait for again
     * @param ask sees to it that {@link #run} is called when it is ready
     * @param arrived takes note of what {@code wait} reports
     * @param wait where platform threads sleep; virtual threads, which it would pin, wait as a callback does
     * @param spinNanos how long to look again and again before sleeping
     */
    ReadyCallbacks(
            BooleanSupplier ready,
            BooleanSupplier over,
            Runnable ask,
            Runnable arrived,
            SocketWait wait,
            long spinNanos) {
        this.ready = ready;
        this.over = over;
        this.ask = ask;
        this.arrived = arrived;
        this.wait = wait;
        this.spinNanos = spinNanos;
    }

    /** Runs {@code callback} once when ready; now, on this thread, if it is ready now. Any thread. */
    void call(Runnable callback) {
        if (ready.getAsBoolean()) {
            callback.run();
            return;
        }
        Pending head;
        do {
            head = pending.get();
        } while (!pending.compareAndSet(head, new Pending(callback, head)));
        ask.run();
        if (over.getAsBoolean()) { // became so before the callback was on the list: nobody else would run it
            run();
        }
    }

    /** Runs all that wait now; those that they add wait for the next time. Any thread. */
    void run() {
        for (Pending next = pending.getAndSet(null); next != null; next = next.next) {
            next.callback.run();
        }
    }

    /** Waits until ready or the time is over. One thread at a time. */
    // Yielding is a courtesy to a peer on the same core, not a way to order anything.
    @SuppressWarnings("ThreadPriorityCheck")
    void await(long timeoutNanos) throws InterruptedException {
        long start = System.nanoTime();
        while (!ready.getAsBoolean()) {
            long waited = System.nanoTime() - start;
            if (waited >= timeoutNanos) {
                return;
            }
            if (waited < spinNanos) {
                Thread.yield();
            } else {
                sleep(timeoutNanos - waited);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void sleep(long nanos) {
        if (Thread.currentThread().isVirtual() || !wait.open()) {
            waiter.sleep(nanos);
        } else if (!over.getAsBoolean() && wait.sleep(nanos)) { // a wake-up since open() is not lost
            arrived.run();
        }
    }

    /** Runs all that wait now, and ends the sleep of a thread: there will never be anything to wait for again. Any thread. */
    void runForGood() {
        run();
        wait.wake();
    }

    /** Waits on the list for the thread in {@link #await}; left there when that gives up, and used again by the next. */
    private final class Waiter implements Runnable {
        private final AtomicBoolean listed = new AtomicBoolean();
        private volatile @Nullable Thread sleeper;

        void sleep(long nanos) {
            sleeper = Thread.currentThread(); // before looking at the list, which run() looks at in the opposite order
            if (listed.compareAndSet(false, true)) {
                call(this);
            }
            if (listed.get()) {
                LockSupport.parkNanos(this, nanos);
            }
            sleeper = null;
        }

        @Override
        public void run() {
            listed.set(false);
            LockSupport.unpark(sleeper);
        }
    }
}
