package io.smc4j.rdma.softrdma;

import static io.smc4j.rdma.RdmaException.Category.MISUSE;
import static io.smc4j.rdma.RdmaException.Category.OUT_OF_RESOURCES;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.PortControl;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.SendWorkRequest;
import io.smc4j.rdma.shm.Doorbell;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedFile;
import io.smc4j.rdma.shm.SharedNode;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An opened softrdma device: a node among those that share a directory, with ports of its own.
 *
 * <p>Thread rules: as {@link RdmaDevice} says. Control calls hold the device's lock for the time it takes to change lists (and to
 * ring doorbells when a port changes), never while files are created; completion queue owners take it never.
 */
public final class SoftRdmaDevice implements RdmaDevice, PortControl {
    private static final int MAX_REQUESTS = 1 << 15;

    private final String name;
    private final LongSupplier clock;
    private final SecureRandom random = new SecureRandom();
    private final SharedNode node;
    private final NodePage page;
    private final PortTable ports;
    private final PeerNodes peers;
    private final PathConnector connector;
    private final RegistrationTable table = new RegistrationTable(random);
    private final Queue<AsyncEvent> events = new ConcurrentLinkedQueue<>();

    private final Object lock = new Object();
    private final Set<SoftQueuePair> queuePairs = new LinkedHashSet<>();
    private final Set<Integer> numbers = new LinkedHashSet<>();
    private final Set<SoftProtectionDomain> domains = new LinkedHashSet<>();
    private final AtomicReferenceArray<@Nullable SoftCompletionQueue> queues =
            new AtomicReferenceArray<>(NodePage.DOORBELLS);
    private int domainsEver;
    private boolean closed;

    private SoftRdmaDevice(String name, LongSupplier clock, SharedNode node, int portCount) throws RdmaException {
        this.name = name;
        this.clock = clock;
        this.node = node;
        this.page = new NodePage(node.memory());
        this.ports = PortTable.create(node, page, portCount, random);
        this.peers = new PeerNodes(node.directory(), clock.getAsLong());
        this.connector = new PathConnector(node, page, peers, ports);
    }

    static SoftRdmaDevice open(String name, DeviceOptions options, LongSupplier clock) throws RdmaException {
        SharedNode node = SharedNode.open(SharedDirectory.open(options.sharedMemory()), NodePage.BYTES);
        boolean opened = false;
        try {
            SoftRdmaDevice device = new SoftRdmaDevice(name, clock, node, options.ports());
            opened = true;
            return device;
        } finally {
            if (!opened) {
                node.close();
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<PortInfo> ports() {
        return ports.all();
    }

    @Override
    public PortInfo port(int number) {
        return ports.info(number);
    }

    @Override
    public int maxInlineBytes() {
        return SendQueue.MAX_INLINE;
    }

    @Override
    public void setPortState(int port, PortState state) {
        synchronized (lock) {
            requireOpenUnchecked();
            if (!ports.setState(port, state)) {
                return;
            }
            raise(state == PortState.ACTIVE ? new AsyncEvent.PortUp(port) : new AsyncEvent.PortDown(port));
            for (SoftQueuePair queuePair : queuePairs) {
                if (queuePair.portNumber() == port) {
                    queuePair.ringPeer();
                }
            }
        }
    }

    /** Queues an event and wakes the owners, so that one of them picks it up. */
    void raise(AsyncEvent event) {
        events.add(event);
        wakeAll();
    }

    void wakeAll() {
        for (int slot = 0; slot < queues.length(); slot++) {
            SoftCompletionQueue queue = queues.get(slot);
            if (queue != null) {
                queue.wakeUp();
            }
        }
    }

    @Override
    public @Nullable AsyncEvent pollAsyncEvent() {
        return events.poll();
    }

    @Override
    public ProtectionDomain allocateProtectionDomain() throws RdmaException {
        synchronized (lock) {
            requireOpen();
            SoftProtectionDomain domain = new SoftProtectionDomain(this, ++domainsEver);
            domains.add(domain);
            return domain;
        }
    }

    @Override
    public CompletionQueue createCompletionQueue(int capacity) throws RdmaException {
        if (capacity < 1) {
            throw new RdmaException(MISUSE, "a completion queue holds at least one completion, not " + capacity);
        }
        synchronized (lock) {
            requireOpen();
            for (int slot = 0; slot < queues.length(); slot++) {
                if (queues.get(slot) == null) {
                    Doorbell doorbell = new Doorbell(page.doorbell(slot));
                    SoftCompletionQueue queue = new SoftCompletionQueue(this, slot, doorbell, capacity, clock, peers);
                    queues.set(slot, queue);
                    return queue;
                }
            }
            throw new RdmaException(
                    OUT_OF_RESOURCES, "a softrdma device has at most " + queues.length() + " completion queues");
        }
    }

    boolean owns(SoftCompletionQueue queue) {
        synchronized (lock) {
            return queues.get(queue.doorbellSlot()) == queue;
        }
    }

    SoftMemoryRegion register(SoftProtectionDomain domain, MemorySegment memory, boolean remoteWrite)
            throws RdmaException {
        synchronized (lock) {
            requireOpen(domain);
            return table.add(
                    (localKey, remoteKey) -> new SoftMemoryRegion(domain, memory, remoteWrite, localKey, remoteKey));
        }
    }

    /** The region is already marked as closed: waits until no engine uses it. */
    void deregistered(SoftMemoryRegion region) {
        for (int slot = 0; slot < queues.length(); slot++) {
            SoftCompletionQueue queue = queues.get(slot);
            if (queue != null) {
                queue.epoch().awaitEndOfTurn();
            }
        }
        table.remove(region);
    }

    SoftQueuePair createQueuePair(SoftProtectionDomain domain, SoftCompletionQueue queue, QueuePairCapacity capacity)
            throws RdmaException {
        check(capacity);
        int number = newNumber(domain);
        SharedFile ring = null;
        boolean listed = false;
        try {
            ring = connector.createRing(number);
            var queuePair = new SoftQueuePair(this, domain, queue, number, ring, connector, table, capacity);
            synchronized (lock) {
                requireOpen(domain);
                if (!owns(queue)) {
                    throw new RdmaException(MISUSE, queue + " was closed meanwhile");
                }
                queuePairs.add(queuePair);
                queue.add(queuePair);
                listed = true;
            }
            return queuePair;
        } finally {
            if (!listed) {
                synchronized (lock) {
                    numbers.remove(number);
                }
                if (ring != null) {
                    ring.unlink();
                    ring.close();
                }
            }
        }
    }

    private static void check(QueuePairCapacity capacity) throws RdmaException {
        if (capacity.sendRequests() < 1
                || capacity.sendRequests() > MAX_REQUESTS
                || capacity.receiveRequests() < 1
                || capacity.receiveRequests() > MAX_REQUESTS
                || capacity.gatherSegments() < 1
                || capacity.gatherSegments() > SendWorkRequest.MAX_SEGMENTS) {
            throw new RdmaException(
                    MISUSE,
                    "%s is out of range: 1..%d requests, 1..%d segments"
                            .formatted(capacity, MAX_REQUESTS, SendWorkRequest.MAX_SEGMENTS));
        }
    }

    private int newNumber(SoftProtectionDomain domain) throws RdmaException {
        synchronized (lock) {
            requireOpen(domain);
            int number;
            do {
                // 0 and 1 are reserved in InfiniBand
                number = random.nextInt(2, 1 << 24);
            } while (!numbers.add(number));
            return number;
        }
    }

    /** The queue pair is destroyed: nobody finds it any more, though its completion queue's owner may be at it. */
    void unlist(SoftQueuePair queuePair) {
        synchronized (lock) {
            queuePairs.remove(queuePair);
            numbers.remove(queuePair.number());
            queuePair.queue().remove(queuePair);
        }
    }

    void close(SoftProtectionDomain domain) {
        synchronized (lock) {
            List<Object> open = new ArrayList<>(table.of(domain));
            queuePairs.stream().filter(qp -> qp.domain() == domain).forEach(open::add);
            refuseIfAny(domain, open);
            domains.remove(domain);
        }
    }

    void close(SoftCompletionQueue queue) {
        synchronized (lock) {
            if (queues.get(queue.doorbellSlot()) != queue) {
                return;
            }
            refuseIfAny(
                    queue, queuePairs.stream().filter(qp -> qp.queue() == queue).toList());
            queues.set(queue.doorbellSlot(), null);
            queue.release();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            List<Object> open = new ArrayList<>(queuePairs);
            for (SoftProtectionDomain domain : domains) {
                open.addAll(table.of(domain));
            }
            open.addAll(domains);
            for (int slot = 0; slot < queues.length(); slot++) {
                SoftCompletionQueue queue = queues.get(slot);
                if (queue != null) {
                    open.add(queue);
                }
            }
            refuseIfAny(this, open);
            closed = true;
            node.close();
        }
    }

    private static void refuseIfAny(Object closing, List<?> open) {
        if (!open.isEmpty()) {
            throw new IllegalStateException(
                    "%s cannot be closed before what uses it; still open: %s".formatted(closing, open));
        }
    }

    private void requireOpen() throws RdmaException {
        if (closed) {
            throw new RdmaException(MISUSE, this + " is closed");
        }
    }

    private void requireOpen(SoftProtectionDomain domain) throws RdmaException {
        requireOpen();
        if (!domains.contains(domain)) {
            throw new RdmaException(MISUSE, domain + " is closed");
        }
    }

    private void requireOpenUnchecked() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    @Override
    public String toString() {
        return "softrdma device " + name + " (node %016x)".formatted(node.id());
    }
}
