package io.smc4j.rdma.ibverbs;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.Completions;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.work.WorkId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An {@code ibv_cq} with a completion channel of its own. Await sleeps in {@code poll(2)} on the channel and on an eventfd; nothing is
 * polled while it sleeps.
 *
 * <p>No wake-up is lost: {@link #wakeUp} first sets {@code wanted} and then looks at {@code armed}; the owner first sets {@code armed}
 * (in {@link #arm}) and looks at {@code wanted} before it sleeps (both volatile). The device does the same for completions: it
 * notifies if one comes after {@code ibv_req_notify_cq}, and the owner polls once more behind it.
 */
final class IbCompletionQueue implements CompletionQueue, IbDevice.Dependent {
    private static final int MOST_AT_ONCE = 64;

    private final IbDevice device;
    private final Verbs verbs;
    private final Verbs.Operations operations;
    private final long channel;
    private final long cq;
    private final int wakeFd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment completions = arena.allocate(MOST_AT_ONCE * Abi.WC_BYTES, 8);
    private final PollSet pollSet;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean armed = new AtomicBoolean();
    private boolean failed;
    private volatile boolean closed;

    private IbCompletionQueue(IbDevice device, long channel, long cq, int channelFd, int wakeFd) {
        this.device = device;
        this.verbs = device.verbs();
        this.operations = device.operations();
        this.channel = channel;
        this.cq = cq;
        this.wakeFd = wakeFd;
        pollSet = new PollSet(verbs, arena, channelFd, wakeFd);
    }

    static IbCompletionQueue create(IbDevice device, int capacity) throws RdmaException {
        Verbs verbs = device.verbs();
        long channel = verbs.createChannel(device.context());
        if (channel < 0) {
            throw Errors.of("ibv_create_comp_channel(" + device.name() + ")", channel);
        }
        long cq = verbs.createCq(device.context(), capacity, channel);
        if (cq < 0) {
            verbs.destroyChannel(channel);
            throw Errors.of("ibv_create_cq(" + device.name() + ", " + capacity + " entries)", cq);
        }
        int channelFd = verbs.at(channel, Abi.CHANNEL_BYTES).get(JAVA_INT, Abi.CHANNEL_FD);
        MemorySegment struct = verbs.at(cq, Abi.CQ_BYTES);
        int wakeFd = verbs.eventFd();
        RdmaException problem = null;
        if (struct.get(JAVA_LONG, Abi.CQ_CONTEXT) != device.context()
                || struct.get(JAVA_LONG, Abi.CQ_CHANNEL) != channel) {
            problem = IbDevice.layout("struct ibv_cq");
        } else if (wakeFd < 0) {
            problem = Errors.of("eventfd(completion queue of " + device.name() + ")", wakeFd);
        } else if (verbs.setNonBlocking(channelFd) != 0) {
            problem = Errors.of("fcntl(completion channel of " + device.name() + ", O_NONBLOCK)", Errors.EINVAL);
        }
        if (problem != null) {
            verbs.destroyCq(cq);
            verbs.destroyChannel(channel);
            if (wakeFd >= 0) {
                verbs.closeFd(wakeFd);
            }
            throw problem;
        }
        return new IbCompletionQueue(device, channel, cq, channelFd, wakeFd);
    }

    long address() {
        return cq;
    }

    @Override
    public boolean dependsOn(Object other) {
        return false;
    }

    @Override
    public int poll(Completions batch) {
        batch.clear();
        int room = batch.capacity();
        while (room > 0) {
            int wish = Math.min(room, MOST_AT_ONCE);
            int found = operations.pollCq(cq, wish, completions.address());
            if (found < 0) {
                fail(found);
                return batch.size();
            }
            for (int i = 0; i < found; i++) {
                take(i * Abi.WC_BYTES, batch);
            }
            if (found < wish) {
                return batch.size();
            }
            room = batch.capacity() - batch.size();
        }
        return batch.size();
    }

    private void take(long offset, Completions batch) {
        long id = completions.get(JAVA_LONG, offset + Abi.WC_ID);
        IbQueuePair queuePair = device.queuePair(WorkId.slot(id));
        if (queuePair != null) {
            queuePair.completed(
                    id,
                    CompletionStatus.of(completions.get(JAVA_INT, offset + Abi.WC_STATUS)),
                    completions.get(JAVA_INT, offset + Abi.WC_BYTE_LEN),
                    batch);
        }
    }

    private void fail(int error) {
        if (!failed) {
            failed = true;
            device.raise(new AsyncEvent.DeviceFatal("ibv_poll_cq returned " + error));
        }
    }

    @Override
    public void arm() {
        armed.set(true);
        operations.requestNotify(cq);
    }

    @Override
    public void await(long timeoutNanos) {
        if (!wanted.getAndSet(false) && timeoutNanos > 0) {
            pollSet.await(
                    (int) Math.clamp(TimeUnit.NANOSECONDS.toMillis(timeoutNanos + 999_999), 1, Integer.MAX_VALUE));
            wanted.set(false);
        }
        armed.set(false);
        while (verbs.takeCqEvent(channel)) {
            // each arming gives at most one event, but a time-out may have left one behind
        }
    }

    @Override
    public void wakeUp() {
        wanted.set(true);
        if (armed.compareAndSet(true, false) && !closed) {
            verbs.signal(wakeFd);
        }
    }

    @Override
    public void close() {
        if (!device.isOpen(this)) {
            return;
        }
        device.closing(this);
        closed = true;
        while (verbs.takeCqEvent(channel)) {
            // destroying it waits for events that were not acknowledged
        }
        verbs.destroyCq(cq);
        verbs.destroyChannel(channel);
        verbs.closeFd(wakeFd);
        arena.close();
    }

    @Override
    public String toString() {
        return "completion queue of " + device.name();
    }
}
