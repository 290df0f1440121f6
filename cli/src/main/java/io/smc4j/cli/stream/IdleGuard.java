package io.smc4j.cli.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ends a connection on which nothing moves: blocking reads and writes have no time limit of their own.
 *
 * <p>It looks twice per limit whether bytes moved since the last look, so it acts between one and one and a half limits after
 * the last byte. {@link #touch} is called by the thread that moves the bytes and costs a plain increment.
 */
public final class IdleGuard implements AutoCloseable {
    private final Duration limit;
    private final Runnable abort;
    private final ScheduledFuture<?> task;
    private final AtomicLong touches = new AtomicLong();
    private final AtomicBoolean fired = new AtomicBoolean();
    private long seen = -1;
    private int quietLooks;

    /** @param abort ends the connection, so that blocked calls fail; called on a thread of {@code timer} */
    public IdleGuard(ScheduledExecutorService timer, Duration limit, Runnable abort) {
        this.limit = limit;
        this.abort = abort;
        long period = Math.max(1, limit.toMillis() / 2);
        this.task = timer.scheduleAtFixedRate(this::look, period, period, TimeUnit.MILLISECONDS);
    }

    /** Bytes moved. */
    public void touch() {
        touches.setOpaque(touches.getPlain() + 1);
    }

    /** Whether it ended the connection. */
    public boolean fired() {
        return fired.get();
    }

    /** The failure to report: that nothing moved, if that is why {@code failure} happened. */
    public IOException explain(IOException failure) {
        return fired.get()
                ? new IOException("the other end neither sent nor took a byte for " + limit.toSeconds() + " s", failure)
                : failure;
    }

    @Override
    public void close() {
        task.cancel(false);
    }

    private void look() {
        long now = touches.getOpaque();
        quietLooks = now == seen ? quietLooks + 1 : 0;
        seen = now;
        if (quietLooks >= 2 && fired.compareAndSet(false, true)) {
            task.cancel(false);
            abort.run();
        }
    }
}
