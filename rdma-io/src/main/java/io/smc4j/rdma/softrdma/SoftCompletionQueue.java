package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.Completions;
import io.smc4j.rdma.shm.Doorbell;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * A softrdma completion queue: the engine of its queue pairs, which runs inside {@link #poll}.
 *
 * <p>Await sleeps on the queue's own futex word in the device's page ({@link Doorbell}; it states why no wake-up is lost), at most
 * until the next timer, and at most 250 ms if queue pairs are connected, to see whether their peers live.
 *
 * <p>Thread rules: as the interface says; the list of queue pairs is copied on write under the device's lock.
 */
final class SoftCompletionQueue implements CompletionQueue {
    /** Every how many polls the clock is looked at. Reading it costs as much as polling an idle queue pair. */
    private static final int POLLS_PER_WATCH = 16;

    private static final SoftQueuePair[] NONE = new SoftQueuePair[0];

    private final SoftRdmaDevice device;
    private final int doorbellSlot;
    private final Doorbell doorbell;
    private final LongSupplier clock;
    private final PeerNodes peers;
    private final CompletionFifo completions;
    private final EngineEpoch epoch = new EngineEpoch();
    private final AtomicBoolean wakeUpWanted = new AtomicBoolean();

    private volatile SoftQueuePair[] queuePairs = NONE;
    private boolean armed;
    private boolean moved;
    private int first;
    private int polls;

    SoftCompletionQueue(
            SoftRdmaDevice device,
            int doorbellSlot,
            Doorbell doorbell,
            int capacity,
            LongSupplier clock,
            PeerNodes peers) {
        this.device = device;
        this.doorbellSlot = doorbellSlot;
        this.doorbell = doorbell;
        this.completions = new CompletionFifo(capacity);
        this.clock = clock;
        this.peers = peers;
    }

    int doorbellSlot() {
        return doorbellSlot;
    }

    EngineEpoch epoch() {
        return epoch;
    }

    /** Under the device's lock. */
    void add(SoftQueuePair queuePair) {
        SoftQueuePair[] more = Arrays.copyOf(queuePairs, queuePairs.length + 1);
        more[queuePairs.length] = queuePair;
        queuePairs = more;
    }

    /** Under the device's lock. A turn that is going on may still see the queue pair. */
    void remove(SoftQueuePair queuePair) {
        queuePairs =
                Arrays.stream(queuePairs).filter(other -> other != queuePair).toArray(SoftQueuePair[]::new);
    }

    @Override
    public int poll(Completions batch) {
        batch.clear();
        epoch.enter();
        try {
            SoftQueuePair[] all = queuePairs;
            boolean any = false;
            int count = all.length;
            int from = first < count ? first : 0;
            for (int i = 0; i < count; i++) {
                int next = from + i;
                any |= turn(all[next < count ? next : next - count]);
            }
            first = from + 1;
            moved = any;
            if (++polls >= POLLS_PER_WATCH) {
                polls = 0;
                watch(all, clock.getAsLong());
            }
        } finally {
            epoch.exit();
        }
        completions.drainTo(batch);
        if (armed && batch.size() > 0) {
            // the owner is awake and will not await: spare its peers the system calls
            armed = false;
            doorbell.disarm();
        }
        return batch.size();
    }

    private boolean turn(SoftQueuePair queuePair) {
        try {
            return queuePair.turn(completions);
        } catch (RuntimeException | InternalError e) {
            queuePair.engineFailed(e);
            return false;
        }
    }

    /** @return nanoseconds until the next look */
    private long watch(SoftQueuePair[] all, long now) {
        long next = peers.isEmpty() ? Long.MAX_VALUE : PeerNodes.PROBE_NANOS;
        for (SoftQueuePair queuePair : all) {
            try {
                next = Math.min(next, queuePair.watch(now));
            } catch (InternalError e) {
                queuePair.engineFailed(e);
            }
        }
        if (peers.probe(now)) {
            device.wakeAll();
        }
        return next;
    }

    @Override
    public void arm() {
        armed = true;
        doorbell.arm();
    }

    @Override
    public void await(long timeoutNanos) {
        long start = clock.getAsLong();
        long now = start;
        while (now - start < timeoutNanos) {
            // armed anew each time round, before the last look for work
            doorbell.arm();
            long sleep = wakeUpWanted.getAndSet(false) ? 0 : sleepNanos(now);
            if (sleep <= 0) {
                break;
            }
            doorbell.await(Math.min(sleep, timeoutNanos - (now - start)));
            now = clock.getAsLong();
        }
        armed = false;
        doorbell.disarm();
    }

    /** @return how long the owner may sleep, 0 if there is something to do */
    private long sleepNanos(long now) {
        if (moved || !completions.isEmpty()) {
            return 0;
        }
        epoch.enter();
        try {
            SoftQueuePair[] all = queuePairs;
            long sleep = watch(all, now);
            for (SoftQueuePair queuePair : all) {
                if (queuePair.hasWork()) {
                    return 0;
                }
            }
            return sleep;
        } catch (InternalError e) {
            // the next turn meets the same fault, and knows whose it is
            return 0;
        } finally {
            epoch.exit();
        }
    }

    @Override
    public void wakeUp() {
        wakeUpWanted.set(true);
        try {
            doorbell.ring();
        } catch (IllegalStateException deviceIsClosed) {
            // nobody waits any more
        }
    }

    @Override
    public void close() {
        device.close(this);
    }

    /** Ends a wait that is going on; nothing waits from now on. */
    void release() {
        doorbell.close();
    }

    @Override
    public String toString() {
        return "completion queue " + doorbellSlot + " of " + device.name();
    }
}
