package io.smc4j.actors.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs tasks in their order and, between them, looks after one {@link LoopGuest}. With actors as its tasks and the
 * sockets of their handshakes as its guest, what a socket has to tell reaches its actor without a hand-off between threads; a
 * hand-off to a sleeping thread takes longer than everything else about a step of a handshake.
 *
 * <p>With nothing to do it sleeps at once, in its guest if it has one: on one host the kernel then passes the processor on to whoever
 * brings the next thing to do. To look again and again instead costs a time slice where the two share a processor.
 *
 * <p>No lost wake-up: the loop says that it sleeps and then looks for tasks once more; whoever adds a task does so before looking
 * whether the loop sleeps. Any thread.
 */
public final class ControlLoop extends AbstractExecutorService {
    /** So many tasks, then the guest has its turn. */
    private static final int BATCH = 64;

    private enum Life {
        RUNNING,
        /** Takes no more tasks, and runs those it has. */
        STOPPING,
        ENDED
    }

    private static final class LoopThread extends Thread {
        private final ControlLoop loop;

        LoopThread(ControlLoop loop, String name) {
            super(loop::run, name);
            this.loop = loop;
        }
    }

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable LoopGuest> guest = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private final AtomicReference<Life> life = new AtomicReference<>(Life.RUNNING);
    private volatile boolean asleep;

    private ControlLoop(Function<ControlLoop, Thread> newThread) {
        thread = newThread.apply(this);
    }

    /** Starts one, on a daemon thread. */
    public static ControlLoop start(String threadName) {
        ControlLoop loop = new ControlLoop(own -> new LoopThread(own, threadName));
        loop.thread.setDaemon(true);
        loop.thread.start();
        return loop;
    }

    /** The loop whose thread this is. */
    public static Optional<ControlLoop> current() {
        return Thread.currentThread() instanceof LoopThread own ? Optional.of(own.loop) : Optional.empty();
    }

    /** Whether the calling thread is this loop's. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Takes a guest in. @return false if it has one already, or has ended */
    public boolean host(LoopGuest newGuest) {
        if (life.get() != Life.RUNNING || !guest.compareAndSet(null, newGuest)) {
            return false;
        }
        LockSupport.unpark(thread); // it slept without a guest
        return true;
    }

    /** The guest leaves; anybody else's leaving changes nothing. */
    public void leave(LoopGuest oldGuest) {
        guest.compareAndSet(oldGuest, null);
    }

    @Override
    public void execute(Runnable task) {
        if (life.get() != Life.RUNNING) {
            throw new RejectedExecutionException(thread.getName() + " takes no more tasks: it was shut down");
        }
        tasks.add(task);
        if (asleep && !isCurrent()) {
            wakeUp();
        }
        if (life.get() == Life.ENDED && tasks.remove(task)) {
            throw new RejectedExecutionException(thread.getName() + " was shut down just now");
        }
    }

    private void wakeUp() {
        asleep = false; // one wake-up is enough
        LoopGuest host = guest.get();
        if (host != null) {
            host.wakeUp();
        }
        LockSupport.unpark(thread); // if it went to sleep before it had a guest
    }

    private void run() {
        try {
            while (life.get() == Life.RUNNING || !tasks.isEmpty()) {
                LoopGuest looked = guest.get();
                boolean worked = runTasks();
                if (looked != null) {
                    worked |= looked.poll();
                }
                if (!worked) {
                    sleep(looked);
                }
            }
        } finally {
            end();
        }
    }

    /** @return whether there was one */
    private boolean runTasks() {
        for (int i = 0; i < BATCH; i++) {
            Runnable next = tasks.poll();
            if (next == null) {
                return i > 0;
            }
            run(next);
        }
        return true;
    }

    // A task's failure is its own, whatever it is: Pekko's mailboxes, written in Scala, throw checked exceptions too.
    @SuppressWarnings("CatchingUnchecked")
    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    private void sleep(@Nullable LoopGuest looked) {
        // Nobody has reason to interrupt it; but a selector would not sleep in a thread that was.
        var _ = Thread.interrupted();
        asleep = true;
        try {
            if (tasks.isEmpty() && life.get() == Life.RUNNING) {
                if (looked != null) {
                    looked.await();
                } else if (guest.get() == null) {
                    LockSupport.park(this);
                }
            }
        } finally {
            asleep = false;
        }
    }

    private void end() {
        LoopGuest last = guest.get();
        if (last != null) {
            last.loopEnds();
        }
        life.set(Life.ENDED);
        for (Runnable late = tasks.poll(); late != null; late = tasks.poll()) {
            run(late); // added when it looked as if the loop ran
        }
        ended.countDown();
    }

    @Override
    public void shutdown() {
        life.compareAndSet(Life.RUNNING, Life.STOPPING);
        wakeUp();
    }

    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> left = new ArrayList<>();
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            left.add(next);
        }
        shutdown();
        return left;
    }

    @Override
    public boolean isShutdown() {
        return life.get() != Life.RUNNING;
    }

    @Override
    public boolean isTerminated() {
        return ended.getCount() == 0;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return ended.await(timeout, unit);
    }
}
