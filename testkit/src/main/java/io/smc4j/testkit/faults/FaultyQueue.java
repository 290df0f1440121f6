package io.smc4j.testkit.faults;

import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.Completions;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A completion queue between a device and its owner. Everything that faults do to queue pairs they do in its polls, on the owner's
 * thread: others leave tasks.
 */
final class FaultyQueue implements CompletionQueue {
    private record Timed(long due, Runnable task) {}

    private final FaultyDevice device;
    private final CompletionQueue queue;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timed> timed = new PriorityQueue<>(Comparator.comparingLong(Timed::due));
    private final ArrayDeque<Shown> ready = new ArrayDeque<>();
    private final Object closing = new Object();
    private @Nullable Completions raw;
    private boolean closed;

    FaultyQueue(FaultyDevice device, CompletionQueue queue) {
        this.device = device;
        this.queue = queue;
    }

    /** The device's own: devices know only what they made. */
    CompletionQueue device() {
        return queue;
    }

    /** Leaves a task for the owner's thread. Any thread. */
    void run(Runnable task) {
        tasks.add(task);
        wakeUp();
    }

    /** Leaves a task for a time on the devices' clock. Owner's thread. */
    void runAt(long due, Runnable task) {
        timed.add(new Timed(due, task));
    }

    /** Shows a completion in this poll or the next. Owner's thread. */
    void show(Shown shown) {
        ready.add(shown);
    }

    @Override
    public int poll(Completions batch) {
        batch.clear();
        runTasks();
        device.flushBroken(this);
        fill(batch);
        if (!batch.isFull()) {
            var _ = pollDevice(batch.capacity());
            fill(batch);
        }
        return batch.size();
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        if (!timed.isEmpty()) {
            long now = device.now();
            for (Timed next = timed.peek(); next != null && next.due() - now <= 0; next = timed.peek()) {
                timed.remove();
                next.task().run();
            }
        }
    }

    /** Polls the device once. @return whether there was anything */
    private boolean pollDevice(int capacity) {
        Completions batch = raw;
        if (batch == null) {
            batch = new Completions(capacity);
            raw = batch;
        }
        int n = queue.poll(batch);
        for (int i = 0; i < n; i++) {
            FaultyQueuePair queuePair = device.find(batch.queuePair(i));
            if (queuePair != null) {
                queuePair.completed(batch.workRequestId(i), batch.status(i), batch.byteCount(i), batch.isReceive(i));
            }
        }
        return n > 0;
    }

    private void fill(Completions batch) {
        while (!batch.isFull() && !ready.isEmpty()) {
            Shown shown = ready.remove();
            if (shown.queuePair().shows(shown)) {
                batch.add(shown.id(), shown.status(), shown.queuePair().number(), shown.bytes(), shown.receive());
            }
        }
    }

    /** Polls until the completion of a send is ready to be shown, for a time. @return whether it is */
    boolean pollUntil(FaultyQueuePair queuePair, long id, long nanos) {
        long deadline = System.nanoTime() + nanos;
        while (System.nanoTime() - deadline < 0) {
            if (pollDevice(64)) {
                for (Shown shown : ready) {
                    if (shown.queuePair() == queuePair && shown.id() == id && !shown.receive()) {
                        return shown.status() == CompletionStatus.SUCCESS;
                    }
                }
            } else {
                Thread.onSpinWait();
            }
        }
        return false;
    }

    @Override
    public void arm() {
        queue.arm();
    }

    @Override
    public void await(long timeoutNanos) {
        if (!tasks.isEmpty() || !ready.isEmpty()) {
            return;
        }
        Timed next = timed.peek();
        long wait = next == null ? timeoutNanos : Math.min(timeoutNanos, next.due() - device.now());
        if (wait > 0) {
            queue.await(wait);
        }
    }

    /** Faults come from anywhere at any time, so unlike a device's, this may come late. */
    @Override
    public void wakeUp() {
        synchronized (closing) {
            if (!closed) {
                queue.wakeUp();
            }
        }
    }

    @Override
    public void close() {
        synchronized (closing) {
            queue.close();
            closed = true;
        }
        device.closed(this);
    }
}
