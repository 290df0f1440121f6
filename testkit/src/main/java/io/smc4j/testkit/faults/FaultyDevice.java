package io.smc4j.testkit.faults;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.PortControl;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.SendWorkRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Any RDMA device, with faults: by the script of its {@link FaultyDevices}, and at once by the methods here. Ports can be taken down
 * even if the device cannot do that itself.
 *
 * <p>Thread-safe as the SPI demands; the methods for faults from any thread.
 */
public final class FaultyDevice implements RdmaDevice, PortControl {
    private static final int START = 4;

    private final FaultyDevices node;
    private final RdmaDevice device;
    private final Queue<AsyncEvent> events = new ConcurrentLinkedQueue<>();
    private final Map<Integer, FaultyQueuePair> queuePairs = new ConcurrentHashMap<>();
    private final Map<Integer, FaultyRegion> byLocalKey = new ConcurrentHashMap<>();
    private final Map<Integer, FaultyRegion> byRemoteKey = new ConcurrentHashMap<>();
    private final Map<FaultyQueuePair, FaultyDomain> domains = new ConcurrentHashMap<>();
    private final Set<FaultyQueuePair> touched = ConcurrentHashMap.newKeySet();
    private final List<FaultyQueue> queues = new CopyOnWriteArrayList<>();
    private final Set<Integer> downPorts = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lastOrdinal = new AtomicInteger();
    private volatile @Nullable String removed;

    FaultyDevice(FaultyDevices node, RdmaDevice device) {
        this.node = node;
        this.device = device;
    }

    /**
     * A queue pair as a test sees it.
     *
     * @param number of the queue pair
     * @param ordinal which of its device's it is, in the order of creation, from 1
     * @param port 0 if it has none yet
     * @param state as of now
     */
    public record QueuePairView(int number, int ordinal, int port, QueuePairState state) {}

    /** The queue pairs that live, oldest first. */
    public List<QueuePairView> queuePairs() {
        return queuePairs.values().stream()
                .map(qp -> new QueuePairView(qp.number(), qp.ordinal(), qp.port(), qp.state()))
                .sorted(Comparator.comparingInt(QueuePairView::ordinal))
                .toList();
    }

    /** Moves a queue pair to ERROR and raises the event, as a device does whose firmware gave up. False if it is gone. */
    public boolean breakQueuePair(int number) {
        FaultyQueuePair queuePair = queuePairs.get(number);
        if (queuePair == null) {
            return false;
        }
        queuePair.breakNow("at once");
        return true;
    }

    /** Breaks all queue pairs on a port. */
    public void breakQueuePairsOn(int port) {
        queuePairs().stream().filter(qp -> qp.port() == port).forEach(qp -> breakQueuePair(qp.number()));
    }

    /**
     * Takes the device out of the machine: its queue pairs go to ERROR, nothing can be made any more, its ports are down, and the
     * event {@link AsyncEvent.DeviceFatal} is raised.
     */
    public void remove(String reason) {
        if (removed != null) {
            return;
        }
        removed = reason;
        record(FaultKind.DEVICE_REMOVED, "RDMA device " + name(), reason);
        queuePairs.values().forEach(FaultyQueuePair::toError);
        raise(new AsyncEvent.DeviceFatal(reason));
    }

    /** Puts a removed device back: its ports that were not taken down come up. */
    public void putBack() {
        if (removed == null) {
            return;
        }
        removed = null;
        for (PortInfo port : ports()) {
            if (port.state() == PortState.ACTIVE) {
                record(FaultKind.PORT_UP, "port " + port.number() + " of " + name(), "the device is back");
                raise(new AsyncEvent.PortUp(port.number()));
            }
        }
    }

    public boolean isRemoved() {
        return removed != null;
    }

    /** Takes a port down, or brings it back, and raises the event. */
    @Override
    public void setPortState(int port, PortState state) {
        boolean up = state == PortState.ACTIVE;
        if (port(port).state() == state) {
            return;
        }
        record(up ? FaultKind.PORT_UP : FaultKind.PORT_DOWN, "port " + port + " of " + name(), "");
        if (device instanceof PortControl control) {
            control.setPortState(port, state);
        } else if (up ? downPorts.remove(port) : downPorts.add(port)) {
            if (!up) {
                queuePairs.values().stream().filter(qp -> qp.port() == port).forEach(FaultyQueuePair::toError);
            }
            raise(up ? new AsyncEvent.PortUp(port) : new AsyncEvent.PortDown(port));
        }
    }

    /** A peer's write arrives now, if its key is still good. @return whether memory was written */
    boolean arrives(int remoteKey, long address, byte[] bytes) {
        FaultyRegion region = byRemoteKey.get(remoteKey);
        return region != null && region.write(address, bytes);
    }

    // ---- the device ----

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public List<PortInfo> ports() {
        return device.ports().stream().map(this::seen).toList();
    }

    @Override
    public PortInfo port(int number) {
        return seen(device.port(number));
    }

    private PortInfo seen(PortInfo port) {
        return removed == null && !downPorts.contains(port.number())
                ? port
                : new PortInfo(port.number(), PortState.DOWN, port.gid(), port.mac(), port.mtuBytes());
    }

    @Override
    public int maxInlineBytes() {
        return device.maxInlineBytes();
    }

    @Override
    public ProtectionDomain allocateProtectionDomain() throws RdmaException {
        requirePresent();
        return new FaultyDomain(this, device.allocateProtectionDomain());
    }

    @Override
    public CompletionQueue createCompletionQueue(int capacity) throws RdmaException {
        requirePresent();
        FaultyQueue queue = new FaultyQueue(this, device.createCompletionQueue(capacity));
        queues.add(queue);
        return queue;
    }

    @Override
    public @Nullable AsyncEvent pollAsyncEvent() {
        AsyncEvent event = events.poll();
        return event != null ? event : device.pollAsyncEvent();
    }

    @Override
    public void close() {
        device.close();
    }

    // ---- for the parts of the device ----

    void requirePresent() throws RdmaException {
        String reason = removed;
        if (reason != null) {
            throw new RdmaException(RdmaException.Category.UNREACHABLE, "device " + name() + " was removed: " + reason);
        }
    }

    long now() {
        return node.now();
    }

    void record(FaultKind kind, String target, String detail) {
        node.record(kind, target, detail);
    }

    void raise(AsyncEvent event) {
        events.add(event);
        wakeUp();
    }

    void raiseFatal(FaultyQueuePair queuePair) {
        raise(new AsyncEvent.QueuePairFatal(queuePair.number()));
    }

    /** Lets the owners look at their clock and their tasks. */
    void wakeUp() {
        queues.forEach(FaultyQueue::wakeUp);
    }

    FaultScript.@Nullable Decision decide(Supplier<Operation> operation) {
        FaultScript script = node.script();
        return script.isIdle() ? null : script.decide(operation.get());
    }

    String describes(Operation operation) {
        return operation.toString();
    }

    void strikeControl(Point point, long bytes, FaultKind kind) throws RdmaException {
        requirePresent();
        FaultScript.Decision decision = decide(() -> Operation.control(point, name(), bytes));
        if (decision != null) {
            strikeControl(decision, kind, null, point + ", " + bytes + " bytes");
        }
    }

    void strikeControl(FaultScript.Decision decision, FaultKind kind, @Nullable FaultyQueuePair queuePair, String what)
            throws RdmaException {
        if (decision.action() instanceof FaultAction.Fail fail) {
            decision.done();
            record(kind, queuePair == null ? "RDMA device " + name() : queuePair.toString(), what);
            throw new RdmaException(fail.category(), "injected fault on device " + name() + ": " + what + " fails");
        }
        strikeAnywhere(decision, queuePair, what);
        requirePresent();
    }

    void strikeAnywhere(FaultScript.Decision decision, @Nullable FaultyQueuePair queuePair, String what) {
        try {
            strikeAnywhere(decision.action(), queuePair, what);
        } finally {
            decision.done();
        }
    }

    private void strikeAnywhere(FaultAction action, @Nullable FaultyQueuePair queuePair, String what) {
        switch (action) {
            case FaultAction.BreakQueuePair broken when queuePair != null -> queuePair.breakNow(what);
            case FaultAction.PortDown down when queuePair != null -> setPortState(queuePair.port(), PortState.DOWN);
            case FaultAction.RemoveDevice remove -> remove("injected fault at " + what);
            case FaultAction.Run run -> {
                record(FaultKind.CODE_RUN, queuePair == null ? name() : queuePair.toString(), what);
                run.code().run();
            }
            default -> {
                // Not possible in this state, as holding the send of a broken queue pair.
            }
        }
    }

    FaultyQueuePair opened(FaultyDomain domain, FaultyQueue queue, QueuePair queuePair) {
        FaultyQueuePair faulty = new FaultyQueuePair(this, queue, queuePair, lastOrdinal.incrementAndGet());
        queuePairs.put(queuePair.number(), faulty);
        domains.put(faulty, domain);
        return faulty;
    }

    void opened(FaultyRegion region) {
        byLocalKey.put(region.localKey(), region);
        byRemoteKey.put(region.remoteKey(), region);
    }

    void closed(FaultyRegion region) {
        byLocalKey.remove(region.localKey(), region);
        byRemoteKey.remove(region.remoteKey(), region);
    }

    void closed(FaultyQueuePair queuePair) {
        queuePairs.remove(queuePair.number(), queuePair);
        domains.remove(queuePair);
        touched.remove(queuePair);
    }

    void closed(FaultyQueue queue) {
        queues.remove(queue);
    }

    @Nullable
    FaultyDomain domain(FaultyQueuePair queuePair) {
        return domains.get(queuePair);
    }

    @Nullable
    FaultyQueuePair find(int number) {
        return queuePairs.get(number);
    }

    /** The queue pair keeps something that polls must look after. */
    void touched(FaultyQueuePair queuePair) {
        touched.add(queuePair);
    }

    void flushBroken(FaultyQueue queue) {
        if (touched.isEmpty()) {
            return;
        }
        for (FaultyQueuePair queuePair : touched) {
            if (queuePair.queue() == queue) {
                queuePair.flushIfBroken();
                if (!queuePair.isTouched()) {
                    touched.remove(queuePair);
                }
            }
        }
    }

    /** The bytes that a request gathers, or null if it is not known where they are. */
    byte @Nullable [] payload(SendWorkRequest request) {
        byte[] all = new byte[request.totalLength()];
        int at = 0;
        for (int i = 0; i < request.segments(); i++) {
            byte[] part = read(request.address(i), request.length(i), request.localKey(i));
            if (part == null) {
                return null;
            }
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** The first bytes of a message that is sent, or null. */
    byte @Nullable [] start(SendWorkRequest request) {
        return request.segments() == 0 ? null : start(request.address(0), request.length(0), request.localKey(0));
    }

    byte @Nullable [] start(long address, int length, int localKey) {
        return length < 1 ? null : read(address, Math.min(START, length), localKey);
    }

    private byte @Nullable [] read(long address, int length, int localKey) {
        FaultyRegion region = byLocalKey.get(localKey);
        return region == null ? null : region.read(address, length);
    }

    List<FaultyQueuePair> alive() {
        return new ArrayList<>(queuePairs.values());
    }

    @Override
    public String toString() {
        return "faulty " + device;
    }
}
