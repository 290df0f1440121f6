package io.smc4j.actors.time;

import com.typesafe.config.Config;
import java.io.Closeable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * A scheduler for Pekko that sleeps until the next timer is due. Pekko's own one wakes a hundred times a second as long as its actor
 * system lives, which is a good part of what an idle node costs; for it, timers are cheaper to set, in systems that set many thousands a second.
 *
 * <p>An actor system uses it if its configuration says {@code pekko.scheduler.implementation =
 * "io.smc4j.actors.time.TicklessScheduler"}, as that of the {@code smc4j} command does. It needs nothing else of smc4j. Thread-safe.
 */
public final class TicklessScheduler extends AbstractScheduler implements Closeable {
    /** As Pekko's own by default: nobody should ask for more than one call in ten milliseconds. */
    private static final double MAX_FREQUENCY = 100;

    /** Cancelled timers stay until they would be due, so that setting the next one wakes nobody, but not more of them than this. */
    private static final int CANCELLED_PER_PURGE = 1024;

    private final LoggingAdapter log;
    private final ScheduledThreadPoolExecutor pool;
    private final Set<Timer> pending = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cancelled = new AtomicInteger();

    /** For Pekko, which makes it by this signature. */
    public TicklessScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
        this.log = log;
        this.pool = new ScheduledThreadPoolExecutor(1, threads);
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable runnable, ExecutionContext executor) {
        Timer timer = new Timer(runnable, executor, true);
        return start(timer, () -> pool.schedule(timer, delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public Cancellable schedule(
            FiniteDuration initialDelay, FiniteDuration interval, Runnable runnable, ExecutionContext executor) {
        Timer timer = new Timer(runnable, executor, false);
        long period = Math.max(1, interval.toNanos());
        return start(
                timer, () -> pool.scheduleAtFixedRate(timer, initialDelay.toNanos(), period, TimeUnit.NANOSECONDS));
    }

    /** @throws IllegalStateException after {@link #close}, as Pekko expects */
    private Cancellable start(Timer timer, Supplier<Future<?>> schedule) {
        pending.add(timer);
        try {
            timer.placed(schedule.get());
            return timer;
        } catch (RejectedExecutionException e) {
            if (!timer.cancel()) {
                return timer; // close found it, and ran it
            }
            throw new IllegalStateException("the scheduler of this actor system was shut down", e);
        }
    }

    @Override
    public double maxFrequency() {
        return MAX_FREQUENCY;
    }

    /** Ends, and runs what is left once, as Pekko's own scheduler does: its dispatchers end by that. */
    @Override
    public void close() {
        pool.shutdownNow();
        for (Timer timer : List.copyOf(pending)) {
            timer.runNow();
        }
    }

    private void onCancelled() {
        if (cancelled.incrementAndGet() % CANCELLED_PER_PURGE == 0) {
            pool.purge();
        }
    }

    /** What is to be run, once or again and again, unless it is cancelled first. */
    private final class Timer implements Runnable, Cancellable {
        private final Runnable runnable;
        private final ExecutionContext executor;
        private final boolean once;
        private final AtomicReference<@Nullable Future<?>> place = new AtomicReference<>();
        private final AtomicReference<State> state = new AtomicReference<>(State.PENDING);

        private Timer(Runnable runnable, ExecutionContext executor, boolean once) {
            this.runnable = runnable;
            this.executor = executor;
            this.once = once;
        }

        /** Due: the executor does the work, so that none is late because of another. */
        @Override
        public void run() {
            if (once ? !ends(State.RUN) : state.get() != State.PENDING) {
                return;
            }
            try {
                executor.execute(runnable);
            } catch (RuntimeException e) {
                log.error(e, "a timer could not be run: its dispatcher refused it");
            }
        }

        private void runNow() {
            if (ends(State.RUN)) {
                try {
                    runnable.run();
                } catch (RuntimeException e) {
                    log.error(e, "a timer failed as the actor system ended");
                }
            }
        }

        private boolean ends(State how) {
            boolean first = state.compareAndSet(State.PENDING, how);
            if (first) {
                pending.remove(this);
            }
            return first;
        }

        private void placed(Future<?> future) {
            place.set(future);
            if (state.get() == State.CANCELLED) { // meanwhile
                future.cancel(false);
            }
        }

        @Override
        public boolean cancel() {
            boolean first = ends(State.CANCELLED);
            if (first) {
                Future<?> future = place.get();
                if (future != null) {
                    future.cancel(false);
                }
                onCancelled();
            }
            return first;
        }

        @Override
        public boolean isCancelled() {
            return state.get() == State.CANCELLED;
        }
    }

    private enum State {
        PENDING,
        RUN,
        CANCELLED
    }
}
