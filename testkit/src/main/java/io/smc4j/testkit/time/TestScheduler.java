package io.smc4j.testkit.time;

import com.typesafe.config.Config;
import java.io.Closeable;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * A scheduler of Pekko that follows a {@link TestClock}: timers of actors end when the test says that it is time.
 *
 * <p>An actor system has it by {@link #CONFIG}; {@link #lead} gives it its clock. Until then it goes by the system's clock.
 * Thread-safe.
 */
public final class TestScheduler extends AbstractScheduler implements Closeable {
    /** What the configuration of an actor system says. */
    public static final String CONFIG = "pekko.scheduler.implementation = " + TestScheduler.class.getName() + "\n";

    private static final double MAX_FREQUENCY = 1000;

    private static final int ADDED_PER_PURGE = 1024;

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::number));
    private LongSupplier clock = System::nanoTime;
    private boolean flowing = true;
    private boolean closed;
    private long lastNumber;

    /** For Pekko, which makes it by this signature. */
    public TestScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
        threads.newThread(this::run).start();
    }

    /** Gives the scheduler of an actor system its clock. @throws IllegalStateException if it has another scheduler */
    public static void lead(org.apache.pekko.actor.typed.ActorSystem<?> system, TestClock clock) {
        ActorSystem classic = org.apache.pekko.actor.typed.javadsl.Adapter.toClassic(system);
        if (!(classic.scheduler() instanceof TestScheduler scheduler)) {
            throw new IllegalStateException(
                    "actor system " + system.name() + " has no TestScheduler; its configuration must say " + CONFIG);
        }
        scheduler.follow(clock);
    }

    private void follow(TestClock newClock) {
        synchronized (this) {
            clock = newClock;
            flowing = newClock.isFlowing();
            notifyAll();
        }
        newClock.follow(() -> {
            synchronized (this) {
                flowing = newClock.isFlowing();
                notifyAll();
            }
        });
    }

    /** How many timers there are. */
    public synchronized int pending() {
        return tasks.size();
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable runnable, ExecutionContext executor) {
        return add(new Task(delay.toNanos(), 0, runnable, executor));
    }

    @Override
    public Cancellable schedule(
            FiniteDuration initialDelay, FiniteDuration interval, Runnable runnable, ExecutionContext executor) {
        return add(new Task(initialDelay.toNanos(), Math.max(1, interval.toNanos()), runnable, executor));
    }

    @Override
    public double maxFrequency() {
        return MAX_FREQUENCY;
    }

    private synchronized Task add(Task task) {
        if (closed) {
            throw new IllegalStateException("the scheduler was shut down");
        }
        task.due = clock.getAsLong() + task.delay;
        task.number = ++lastNumber;
        if (lastNumber % ADDED_PER_PURGE == 0) {
            tasks.removeIf(Task::isCancelled);
        }
        tasks.add(task);
        notifyAll();
        return task;
    }

    private void run() {
        try {
            for (Task task = next(); task != null; task = next()) {
                task.execute();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next task that is due, or null if there will be none any more. */
    private synchronized @Nullable Task next() throws InterruptedException {
        while (!closed) {
            Task first = tasks.peek();
            long left = first == null ? Long.MAX_VALUE : first.due - clock.getAsLong();
            if (first != null && left <= 0) {
                tasks.remove();
                if (first.interval > 0 && !first.isCancelled()) {
                    first.due += first.interval;
                    tasks.add(first);
                }
                return first;
            }
            if (first == null || !flowing) {
                wait();
            } else {
                wait(left / 1_000_000, (int) (left % 1_000_000));
            }
        }
        return null;
    }

    /** Ends, and runs what is left once, as Pekko's scheduler does: the dispatchers shut down by it. */
    @Override
    public void close() {
        PriorityQueue<Task> left;
        synchronized (this) {
            closed = true;
            left = new PriorityQueue<>(tasks);
            tasks.clear();
            notifyAll();
        }
        for (Task task = left.poll(); task != null; task = left.poll()) {
            task.runHere();
        }
    }

    /** A timer. */
    private static final class Task implements Cancellable {
        private final long delay;
        private final long interval;
        private final Runnable runnable;
        private final ExecutionContext executor;
        private final AtomicBoolean over = new AtomicBoolean();
        private long due;
        private long number;

        private Task(long delay, long interval, Runnable runnable, ExecutionContext executor) {
            this.delay = delay;
            this.interval = interval;
            this.runnable = runnable;
            this.executor = executor;
        }

        private long due() {
            return due;
        }

        private long number() {
            return number;
        }

        private void execute() {
            if (interval > 0 ? !over.get() : over.compareAndSet(false, true)) {
                executor.execute(runnable);
            }
        }

        private void runHere() {
            if (over.compareAndSet(false, true)) {
                try {
                    runnable.run();
                } catch (RuntimeException e) {
                    executor.reportFailure(e);
                }
            }
        }

        @Override
        public boolean cancel() {
            return over.compareAndSet(false, true);
        }

        @Override
        public boolean isCancelled() {
            return over.get();
        }
    }
}
