package io.smc4j.rdma.disni;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.work.WorkId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * An RDMA adapter opened by rdma_cm: an id bound to its address keeps its context open.
 *
 * <p>DiSNI has no asynchronous events. Those of queue pairs come from rdma_cm; a thread looks at the port's state in {@code /sys}
 * twice a second.
 *
 * <p>Thread rules: as {@link RdmaDevice} says. The device's lock is held while its lists change, and for no verbs call.
 */
final class DisniDevice implements RdmaDevice {
    /** An LLC or CDC message is 44 bytes. */
    private static final int INLINE_BYTES = 64;

    private static final long LOOK_MILLIS = 500;

    private final Jverbs verbs;
    private final Adapter adapter;
    private final InetAddress address;
    private final Jverbs.Channel channel;
    private final Jverbs.Id anchor;
    private final Jverbs.Context context;
    private final Queue<AsyncEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicReferenceArray<@Nullable DisniQueuePair> queuePairs =
            new AtomicReferenceArray<>(WorkId.MAX_QUEUE_PAIRS);
    private final Object lock = new Object();
    private final Set<Object> open = new LinkedHashSet<>();
    private final int[] generations = new int[WorkId.MAX_QUEUE_PAIRS];
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread portWatch;
    private volatile PortInfo port;
    private boolean closed;

    private DisniDevice(Jverbs verbs, Adapter adapter, PortInfo port, Jverbs.Channel channel, Jverbs.Id anchor)
            throws IOException {
        this.verbs = verbs;
        this.adapter = adapter;
        this.port = port;
        this.channel = channel;
        this.anchor = anchor;
        address = CmNumber.address(port.gid(), 0).getAddress();
        anchor.bind(new InetSocketAddress(address, 0));
        context = anchor.context();
        portWatch = Thread.ofPlatform()
                .daemon()
                .name("smc4j-disni-port-" + adapter.name())
                .unstarted(this::watchPort);
    }

    static DisniDevice open(Jverbs verbs, Adapter adapter) throws RdmaException {
        PortInfo port = adapter.port();
        if (!port.gid().isIpv4Mapped()) {
            throw new RdmaException(
                    Category.UNSUPPORTED,
                    adapter.name() + " has no IPv4 address under RoCE v2, by which rdma_cm finds it");
        }
        try {
            Jverbs.Channel channel = verbs.openChannel();
            Jverbs.Id anchor = null;
            DisniDevice device = null;
            try {
                anchor = channel.createId();
                device = new DisniDevice(verbs, adapter, port, channel, anchor);
                device.portWatch.start();
                return device;
            } finally {
                if (device == null) {
                    if (anchor != null) {
                        anchor.destroy();
                    }
                    channel.destroy();
                }
            }
        } catch (IOException e) {
            throw new RdmaException(
                    Category.UNSUPPORTED,
                    "cannot open " + adapter.name() + " by rdma_cm: " + e.getMessage()
                            + " (is the module rdma_ucm loaded, and may this user open /dev/infiniband/rdma_cm?)",
                    e);
        }
    }

    Jverbs verbs() {
        return verbs;
    }

    /** Where its queue pairs listen. */
    InetAddress address() {
        return address;
    }

    @Override
    public String name() {
        return adapter.name();
    }

    @Override
    public List<PortInfo> ports() {
        return List.of(port);
    }

    @Override
    public PortInfo port(int number) {
        if (number != Adapter.PORT) {
            throw new IllegalArgumentException(name() + " has port 1 only, not " + number);
        }
        return port;
    }

    @Override
    public int maxInlineBytes() {
        return INLINE_BYTES;
    }

    @Override
    public ProtectionDomain allocateProtectionDomain() throws RdmaException {
        requireOpen();
        try {
            DisniProtectionDomain domain = new DisniProtectionDomain(this, context.allocateDomain());
            opened(domain);
            return domain;
        } catch (IOException e) {
            throw new RdmaException(
                    Category.OUT_OF_RESOURCES, "no protection domain of " + name() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public CompletionQueue createCompletionQueue(int capacity) throws RdmaException {
        if (capacity < 1) {
            throw new RdmaException(
                    Category.MISUSE, "a completion queue holds at least one completion, not " + capacity);
        }
        requireOpen();
        try {
            DisniCompletionQueue queue = new DisniCompletionQueue(this, context.createQueue(capacity));
            opened(queue);
            queue.start();
            return queue;
        } catch (IOException e) {
            throw new RdmaException(
                    Category.OUT_OF_RESOURCES,
                    "no completion queue of %d entries of %s: %s".formatted(capacity, name(), e.getMessage()),
                    e);
        }
    }

    // ---- what is open ----

    /** A resource that must be closed before another. */
    interface Dependent {
        boolean dependsOn(Object other);
    }

    void opened(Object resource) {
        synchronized (lock) {
            open.add(resource);
        }
    }

    boolean isOpen(Object resource) {
        synchronized (lock) {
            return open.contains(resource);
        }
    }

    /** Lists a queue pair. @return its slot */
    int list(DisniQueuePair queuePair) throws RdmaException {
        synchronized (lock) {
            for (int i = 0; i < WorkId.MAX_QUEUE_PAIRS; i++) {
                if (queuePairs.get(i) == null) {
                    queuePairs.set(i, queuePair);
                    open.add(queuePair);
                    return i;
                }
            }
        }
        throw new RdmaException(
                Category.OUT_OF_RESOURCES, name() + " has its limit of " + WorkId.MAX_QUEUE_PAIRS + " queue pairs");
    }

    int nextGeneration(int slot) {
        synchronized (lock) {
            return ++generations[slot];
        }
    }

    /** The queue pair of a completion, or null if it was destroyed. */
    @Nullable
    DisniQueuePair queuePair(int slot) {
        return queuePairs.get(slot);
    }

    void unlist(DisniQueuePair queuePair, int slot) {
        synchronized (lock) {
            queuePairs.set(slot, null);
            open.remove(queuePair);
        }
    }

    /** Forgets a resource, or refuses and names what still depends on it. */
    void closing(Object closing) {
        synchronized (lock) {
            List<Object> left = new ArrayList<>();
            for (Object resource : open) {
                if (resource instanceof Dependent d && d.dependsOn(closing)) {
                    left.add(resource);
                }
            }
            refuseIfAny(closing, left);
            open.remove(closing);
        }
    }

    private static void refuseIfAny(Object closing, List<?> left) {
        if (!left.isEmpty()) {
            throw new IllegalStateException(
                    "%s cannot be closed before what uses it; still open: %s".formatted(closing, left));
        }
    }

    private void requireOpen() throws RdmaException {
        synchronized (lock) {
            if (closed) {
                throw new RdmaException(Category.MISUSE, this + " is closed");
            }
        }
    }

    // ---- events ----

    @Override
    public @Nullable AsyncEvent pollAsyncEvent() {
        return events.poll();
    }

    /** Queues an event, and wakes the owners so that one of them picks it up. */
    void raise(AsyncEvent event) {
        events.add(event);
        synchronized (lock) {
            for (Object resource : open) {
                if (resource instanceof DisniCompletionQueue queue) {
                    queue.wakeUp();
                }
            }
        }
    }

    private void watchPort() {
        try {
            while (!ending.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that
        }
    }

    /** Looks whether the port changed. Its address stays the one the device was opened by. */
    void look() {
        PortInfo before = port;
        PortState now = adapter.port().state();
        if (now != before.state()) {
            port = new PortInfo(before.number(), now, before.gid(), before.mac(), before.mtuBytes(), before.gids());
            raise(
                    now == PortState.ACTIVE
                            ? new AsyncEvent.PortUp(before.number())
                            : new AsyncEvent.PortDown(before.number()));
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            refuseIfAny(this, List.copyOf(open));
            closed = true;
        }
        ending.countDown();
        Joins.join(portWatch);
        try {
            anchor.destroy();
            channel.destroy();
        } catch (IOException e) {
            throw new IllegalStateException("cannot close the " + this + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "RDMA device " + name();
    }
}
