package io.smc4j.rdma;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One side of a connection under test: a device with a protection domain and a completion queue, polled by hand, that keeps all
 * completions. {@link #close} closes everything in the verbs' order.
 */
public final class VerbsNode implements AutoCloseable {
    public static final QueuePairCapacity CAPACITY = new QueuePairCapacity(48, 48, 2);

    public final RdmaDevice device;
    public final ProtectionDomain domain;
    public final CompletionQueue queue;
    public final Arena arena = Arena.ofShared();
    public final SendWorkRequest request = new SendWorkRequest();
    public final List<WorkCompletion> completions = new ArrayList<>();

    private final Completions batch = new Completions(16);
    private final Deque<QueuePair> queuePairs = new ArrayDeque<>();
    private final Deque<MemoryRegion> regions = new ArrayDeque<>();

    public VerbsNode(RdmaDevice device) throws RdmaException {
        this.device = device;
        this.domain = device.allocateProtectionDomain();
        this.queue = device.createCompletionQueue(4096);
    }

    public MemorySegment allocate(long bytes) {
        return arena.allocate(bytes, 64);
    }

    public MemoryRegion register(MemorySegment memory, boolean remoteWrite) throws RdmaException {
        MemoryRegion region = domain.register(memory, remoteWrite);
        regions.push(region);
        return region;
    }

    public QueuePair createQueuePair() throws RdmaException {
        return createQueuePair(CAPACITY);
    }

    public QueuePair createQueuePair(QueuePairCapacity capacity) throws RdmaException {
        QueuePair queuePair = domain.createQueuePair(queue, capacity);
        queuePairs.push(queuePair);
        return queuePair;
    }

    /** Brings two fresh queue pairs on a port each to RTS. */
    public static void connect(
            VerbsNode a, QueuePair qa, int portA, VerbsNode b, QueuePair qb, int portB, RtsAttributes rts)
            throws RdmaException {
        qa.toInit(portA);
        qb.toInit(portB);
        qa.toRtr(towards(b.device.port(portB), qb.number(), rts.sendPsn()));
        qb.toRtr(towards(a.device.port(portA), qa.number(), rts.sendPsn()));
        qa.toRts(rts);
        qb.toRts(rts);
    }

    public static RtrAttributes towards(PortInfo port, int queuePair, int psn) {
        return new RtrAttributes(port.gid(), port.mac(), queuePair, psn, 1024, 1, 5);
    }

    /** Polls once, keeps what completed. @return how many */
    public int poll() {
        int count = queue.poll(batch);
        for (int i = 0; i < count; i++) {
            completions.add(new WorkCompletion(
                    batch.workRequestId(i),
                    batch.status(i),
                    batch.queuePair(i),
                    batch.byteCount(i),
                    batch.isReceive(i)));
        }
        return count;
    }

    public List<WorkCompletion> receives() {
        return completions.stream().filter(WorkCompletion::receive).toList();
    }

    public List<WorkCompletion> sends() {
        return completions.stream().filter(c -> !c.receive()).toList();
    }

    /** All events there are. */
    public List<AsyncEvent> events() {
        List<AsyncEvent> events = new ArrayList<>();
        for (AsyncEvent event = device.pollAsyncEvent(); event != null; event = device.pollAsyncEvent()) {
            events.add(event);
        }
        return events;
    }

    @Override
    public void close() {
        queuePairs.forEach(QueuePair::close);
        regions.forEach(MemoryRegion::close);
        domain.close();
        queue.close();
        device.close();
        arena.close();
    }
}
