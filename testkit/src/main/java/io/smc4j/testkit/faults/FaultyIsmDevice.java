package io.smc4j.testkit.faults;

import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.IsmEvent;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RemoteDmb;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.PriorityBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Any ISM device, with faults: by the script of its {@link FaultyDevices}, and at once by the methods here.
 *
 * <p>Data is written straight into the peer's memory, where no decorator is in between; what can be delayed and lost are the
 * signals that wake a sleeping reader.
 */
public final class FaultyIsmDevice implements IsmDevice {
    private record Timed(long due, Runnable task) {}

    private final FaultyDevices node;
    private final IsmDevice device;
    private final Set<IsmGid> peers = ConcurrentHashMap.newKeySet();
    private final Queue<IsmEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<Object> late = new ConcurrentLinkedQueue<>();
    private final PriorityBlockingQueue<Timed> timed =
            new PriorityBlockingQueue<>(11, Comparator.comparingLong(Timed::due));
    private final Object closing = new Object();
    private boolean closed;
    private volatile @Nullable String removed;

    FaultyIsmDevice(FaultyDevices node, IsmDevice device) {
        this.node = node;
        this.device = device;
    }

    /** Says that a peer is gone, though it is not. */
    public void losePeer(IsmGid peer, String reason) {
        node.record(FaultKind.PEER_GONE, toString(), peer + ": " + reason);
        events.add(new IsmEvent.PeerGone(peer, reason));
        wakeUp();
    }

    /**
     * Takes the device out of the machine: nothing can be registered or attached any more, no peer is reached, and all peers that DMBs
     * were attached of are gone.
     */
    public void remove(String reason) {
        if (removed == null) {
            removed = reason;
            record(FaultKind.DEVICE_REMOVED, reason);
            peers.forEach(peer -> events.add(new IsmEvent.PeerGone(peer, "the ISM device was removed: " + reason)));
            wakeUp();
        }
    }

    /** Puts a removed device back. */
    public void putBack() {
        removed = null;
    }

    @Override
    public IsmGid gid() {
        return device.gid();
    }

    @Override
    public int chid() {
        return device.chid();
    }

    @Override
    public boolean reaches(IsmGid peer) {
        return removed == null && device.reaches(peer);
    }

    @Override
    public Dmb register(int size, Object cookie) throws RdmaException {
        strikeControl(Point.REGISTER_DMB, size, FaultKind.REGISTRATION_REFUSED);
        return device.register(size, cookie);
    }

    @Override
    public RemoteDmb attach(IsmGid peer, long token, int size) throws RdmaException {
        strikeControl(Point.ATTACH_DMB, size, FaultKind.ATTACH_REFUSED);
        peers.add(peer);
        return new FaultyRemoteDmb(this, device.attach(peer, token, size));
    }

    private void strikeControl(Point point, long bytes, FaultKind kind) throws RdmaException {
        String why = removed;
        if (why != null) {
            throw new RdmaException(RdmaException.Category.UNREACHABLE, this + " was removed: " + why);
        }
        FaultScript.Decision decision = decide(point, bytes);
        if (decision != null && decision.action() instanceof FaultAction.Fail fail) {
            record(kind, point + ", " + bytes + " bytes");
            decision.done();
            throw new RdmaException(fail.category(), "injected fault: " + point + " of " + this + " fails");
        }
        if (decision != null) {
            strikeAnywhere(decision, point.toString());
        }
    }

    void strikeAnywhere(FaultScript.Decision decision, String what) {
        try {
            if (decision.action() instanceof FaultAction.Run run) {
                record(FaultKind.CODE_RUN, what);
                run.code().run();
            }
        } finally {
            decision.done();
        }
    }

    FaultScript.@Nullable Decision decide(Point point, long bytes) {
        FaultScript script = node.script();
        return script.isIdle() ? null : script.decide(Operation.control(point, toString(), bytes));
    }

    void record(FaultKind kind, String what) {
        node.record(kind, toString(), what);
    }

    @Override
    public int pollSignals(SignalHandler handler) {
        int delivered = 0;
        long now = node.now();
        for (Timed next = timed.peek(); next != null && next.due() - now <= 0; next = timed.peek()) {
            if (timed.remove(next)) {
                next.task().run();
            }
        }
        for (Object cookie = late.poll(); cookie != null; cookie = late.poll()) {
            handler.onSignal(cookie);
            delivered++;
        }
        return delivered + device.pollSignals(cookie -> signalled(cookie, handler));
    }

    private void signalled(Object cookie, SignalHandler handler) {
        FaultScript.Decision decision = decide(Point.SIGNALLED, 0);
        if (decision == null) {
            handler.onSignal(cookie);
            return;
        }
        switch (decision.action()) {
            case FaultAction.Drop drop -> {
                record(FaultKind.SIGNAL_LOST, "a peer's signal");
                decision.done();
            }
            case FaultAction.Hold hold -> {
                record(FaultKind.SIGNAL_WITHHELD, "a peer's signal");
                later(decision, hold.time(), () -> {
                    late.add(cookie);
                    wakeUp();
                });
                decision.done();
            }
            default -> {
                strikeAnywhere(decision, "a peer's signal");
                handler.onSignal(cookie);
            }
        }
    }

    /** Runs something when the decision's fault is released, or the time is over. */
    void later(FaultScript.Decision decision, Optional<Duration> time, Runnable task) {
        if (time.isPresent()) {
            timed.add(new Timed(node.now() + time.get().toNanos(), task));
            wakeUp();
        } else {
            decision.holds(task);
        }
    }

    @Override
    public @Nullable IsmEvent pollEvent() {
        IsmEvent event = events.poll();
        return event != null ? event : device.pollEvent();
    }

    @Override
    public void arm() {
        device.arm();
    }

    @Override
    public void await(long timeoutNanos) {
        if (!late.isEmpty()) {
            return;
        }
        Timed next = timed.peek();
        long wait = next == null ? timeoutNanos : Math.min(timeoutNanos, next.due() - node.now());
        if (wait > 0) {
            device.await(wait);
        }
    }

    /** Faults come from anywhere at any time, so unlike a device's, this may come late. */
    @Override
    public void wakeUp() {
        synchronized (closing) {
            if (!closed) {
                device.wakeUp();
            }
        }
    }

    @Override
    public void close() {
        synchronized (closing) {
            device.close();
            closed = true;
        }
    }

    @Override
    public String toString() {
        return "ISM device " + device.gid();
    }
}
