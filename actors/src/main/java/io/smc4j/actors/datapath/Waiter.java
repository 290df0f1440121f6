package io.smc4j.actors.datapath;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who waits for one edge (readable or writable): at most one parked thread, and callbacks.
 *
 * <p>No lost wake-up: a waiter registers first (a volatile write) and then tests; who makes the condition true first
 * publishes and then, behind a full fence, looks for waiters.
 */
final class Waiter {
    private static final Logger log = LoggerFactory.getLogger(Waiter.class);
    private static final VarHandle CALLBACK;

    static {
        try {
            CALLBACK = MethodHandles.lookup().findVarHandle(Waiter.class, "callback", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Thread thread;

    private volatile @Nullable Runnable callback;

    /** Whether anybody waits. */
    boolean waiting() {
        return thread != null || callback != null;
    }

    /** Parks the calling thread until the condition holds or the time is over. {@code beforeSleep} runs before each last test. */
    void park(BooleanSupplier condition, Runnable beforeSleep, long timeoutNanos) throws InterruptedException {
        long start = System.nanoTime();
        thread = Thread.currentThread();
        try {
            while (true) {
                beforeSleep.run();
                if (condition.getAsBoolean()) {
                    return;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while waiting for a connection");
                }
                long remaining = timeoutNanos - (System.nanoTime() - start);
                if (remaining <= 0) {
                    return;
                }
                LockSupport.parkNanos(this, remaining);
            }
        } finally {
            thread = null;
        }
    }

    /**
     * Has a callback run once when the condition holds: at once on this thread, or by {@link #wake}.
     *
     * @param beforeLastTest runs when the callback is registered, before the condition is tested for the last time
     */
    void register(Runnable added, BooleanSupplier condition, Runnable beforeLastTest) {
        if (condition.getAsBoolean()) {
            added.run();
            return;
        }
        add(added);
        beforeLastTest.run();
        if (condition.getAsBoolean()) {
            wake();
        }
    }

    private void add(Runnable added) {
        while (true) {
            Runnable present = callback;
            Runnable next = present == null
                    ? added
                    : () -> {
                        run(present);
                        run(added);
                    };
            if (CALLBACK.compareAndSet(this, present, next)) {
                return;
            }
        }
    }

    /** Wakes whoever waits; call after publishing what they wait for. Any thread. */
    void wake() {
        VarHandle.fullFence();
        Thread sleeper = thread;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
        if (callback != null) {
            Runnable taken = (Runnable) CALLBACK.getAndSet(this, null);
            if (taken != null) {
                run(taken);
            }
        }
    }

    private static void run(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException e) {
            // It runs on a thread that serves all connections of a device: one application's bug must not end it.
            log.error("A readiness callback of the application threw", e);
        }
    }
}
