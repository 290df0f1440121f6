package io.smc4j.rdma.disni;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.Completions;
import io.smc4j.rdma.work.WorkId;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A completion queue with a completion channel. DiSNI has no way to end a wait for the channel from another thread, so a thread of
 * the queue waits there, and the owner parks.
 *
 * <p>No wake-up is lost: who wakes sets {@code wanted} and then looks at {@code armed}; the owner sets {@code armed} (in
 * {@link #arm}) and looks at {@code wanted} before it parks, and a permit given before the park ends it at once.
 */
final class DisniCompletionQueue implements CompletionQueue, DisniDevice.Dependent {
    private static final int MOST_AT_ONCE = 64;
    private static final int EVENT_MILLIS = 250;

    private final DisniDevice device;
    private final Jverbs.Queue queue;
    private final Queue<DisniQueuePair> flushing = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final Thread waiter;
    private volatile @Nullable Thread owner;
    private volatile boolean closed;
    private Jverbs.@Nullable Poll poll;
    private int most;
    private boolean failed;

    DisniCompletionQueue(DisniDevice device, Jverbs.Queue queue) {
        this.device = device;
        this.queue = queue;
        waiter = Thread.ofPlatform()
                .daemon()
                .name("smc4j-disni-cq-" + device.name())
                .unstarted(this::waitForEvents);
    }

    void start() {
        waiter.start();
    }

    Jverbs.Queue handle() {
        return queue;
    }

    @Override
    public boolean dependsOn(Object other) {
        return false;
    }

    @Override
    public int poll(Completions batch) {
        batch.clear();
        if (!flushing.isEmpty()) {
            flush(batch);
        }
        try {
            Jverbs.Poll call = poller(Math.min(batch.capacity(), MOST_AT_ONCE));
            int found = most;
            while (found == most && batch.capacity() - batch.size() >= most) {
                found = call.execute();
                for (int i = 0; i < found; i++) {
                    DisniQueuePair queuePair = device.queuePair(WorkId.slot(call.id(i)));
                    if (queuePair != null) {
                        queuePair.completed(call.id(i), call.status(i), call.bytes(i), batch);
                    }
                }
            }
        } catch (IOException e) {
            fail("polling its completion queue failed: " + e.getMessage());
        }
        return batch.size();
    }

    private Jverbs.Poll poller(int wish) throws IOException {
        Jverbs.Poll now = poll;
        if (now != null && most == wish) {
            return now;
        }
        if (now != null) {
            now.free();
        }
        Jverbs.Poll made = queue.poller(wish);
        poll = made;
        most = wish;
        return made;
    }

    private void flush(Completions batch) {
        for (DisniQueuePair next = flushing.peek(); next != null; next = flushing.peek()) {
            if (!next.flush(batch)) {
                return; // the batch is full
            }
            flushing.remove();
        }
    }

    /** Has {@link #poll} complete what of a queue pair never reached the adapter. Any thread. */
    void flushLater(DisniQueuePair queuePair) {
        flushing.add(queuePair);
        wakeUp();
    }

    private void fail(String why) {
        if (!failed) {
            failed = true;
            device.raise(new AsyncEvent.DeviceFatal(why));
        }
    }

    @Override
    public void arm() {
        owner = Thread.currentThread();
        armed.set(true);
        try {
            queue.requestNotify();
        } catch (IOException e) {
            fail("arming its completion queue failed: " + e.getMessage());
        }
    }

    @Override
    public void await(long timeoutNanos) {
        long end = System.nanoTime() + timeoutNanos;
        long left = timeoutNanos;
        while (!wanted.get() && left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, left);
            left = end - System.nanoTime();
        }
        armed.set(false);
        wanted.set(false);
    }

    @Override
    public void wakeUp() {
        wanted.set(true);
        if (armed.compareAndSet(true, false)) {
            LockSupport.unpark(owner);
        }
    }

    private void waitForEvents() {
        try {
            while (!closed) {
                if (queue.awaitEvent(EVENT_MILLIS)) {
                    wakeUp();
                }
            }
        } catch (IOException e) {
            if (!closed) {
                fail("its completion channel cannot be read: " + e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        if (!device.isOpen(this)) {
            return;
        }
        device.closing(this);
        closed = true;
        Joins.join(waiter);
        Jverbs.Poll call = poll;
        if (call != null) {
            call.free();
        }
        try {
            queue.destroy();
        } catch (IOException e) {
            throw new IllegalStateException("cannot close the " + this + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "completion queue of " + device.name();
    }
}
