package io.smc4j.rdma.softrdma;

import static io.smc4j.rdma.RdmaException.Category.MISUSE;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.SendWorkRequest;
import io.smc4j.rdma.shm.SharedFile;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A softrdma queue pair: states and posting. The work is done by its {@link Responder} (what the peer sends) and
 * {@link Initiator} (what is sent to the peer), in turns of the owner of its completion queue.
 *
 * <p>Thread rules: {@code turn}, {@code hasWork}, {@code watch} and posts by the owner, within a turn; control calls by any thread,
 * one at a time under the queue pair's monitor, which the owner never takes. {@link #close} publishes DESTROYED, unlists the queue
 * pair and waits for the owner's current turn to end ({@link EngineEpoch}) before it unmaps anything.
 */
final class SoftQueuePair implements QueuePair {
    private static final System.Logger LOG = System.getLogger(SoftQueuePair.class.getName());
    private static final VarHandle STATE;
    private static final VarHandle OUTSTANDING;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(SoftQueuePair.class, "state", QueuePairState.class);
            OUTSTANDING = MethodHandles.lookup().findVarHandle(SoftQueuePair.class, "outstanding", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SoftRdmaDevice device;
    private final SoftProtectionDomain domain;
    private final SoftCompletionQueue queue;
    private final int number;
    private final SharedFile ownRing;
    private final Initiator initiator;
    private final Responder responder;
    private final PathConnector connector;

    private volatile QueuePairState state = QueuePairState.RESET;
    private volatile String failure = "";
    private volatile int port;

    /** Set before RTR, never changed. */
    private @Nullable Path path;

    private @Nullable SharedFile peerRing;

    @SuppressWarnings("unused") // through OUTSTANDING only
    private int outstanding;

    /** Whether the owner has told the peer that this queue pair is in ERROR. */
    private boolean stopped;

    SoftQueuePair(
            SoftRdmaDevice device,
            SoftProtectionDomain domain,
            SoftCompletionQueue queue,
            int number,
            SharedFile ownRing,
            PathConnector connector,
            RegistrationTable table,
            QueuePairCapacity capacity) {
        this.device = device;
        this.domain = domain;
        this.queue = queue;
        this.number = number;
        this.ownRing = ownRing;
        this.connector = connector;
        RingReader reader = new RingReader(ownRing.memory(), RingLayout.CAPACITY);
        reader.format(connector.nodeId(), number, queue.doorbellSlot());
        this.initiator = new Initiator(this, table, domain, new SendQueue(capacity));
        this.responder = new Responder(this, table, domain, reader, capacity.receiveRequests());
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public QueuePairState state() {
        return state;
    }

    SoftCompletionQueue queue() {
        return queue;
    }

    SoftProtectionDomain domain() {
        return domain;
    }

    @Override
    public synchronized void toInit(int toPort) throws RdmaException {
        require(QueuePairState.RESET, "INIT");
        device.port(toPort);
        port = toPort;
        advance(QueuePairState.RESET, QueuePairState.INIT);
    }

    @Override
    public synchronized void toRtr(RtrAttributes attributes) throws RdmaException {
        require(QueuePairState.INIT, "RTR");
        PathConnector.Connection to = connector.connect(number, port, attributes);
        peerRing = to.ring();
        path = to.path();
        initiator.connect(to.writer());
        responder.connect(attributes);
        advance(QueuePairState.INIT, QueuePairState.RTR);
        // the peer may have sent already, and rung for nothing
        queue.wakeUp();
    }

    @Override
    public synchronized void toRts(RtsAttributes attributes) throws RdmaException {
        require(QueuePairState.RTR, "RTS");
        PathConnector.check(attributes);
        initiator.start(attributes);
        advance(QueuePairState.RTR, QueuePairState.RTS);
        queue.wakeUp();
    }

    private void require(QueuePairState expected, String target) throws RdmaException {
        if (state != expected) {
            throw new RdmaException(
                    MISUSE, this + " cannot go to " + target + ": only a queue pair in " + expected + " can");
        }
    }

    /** Gives way to a concurrent {@link #toError}: the flush then tells. */
    private void advance(QueuePairState from, QueuePairState to) {
        STATE.compareAndSet(this, from, to);
    }

    @Override
    public void toError() {
        if (enterError()) {
            queue.wakeUp();
        }
    }

    private boolean enterError() {
        for (; ; ) {
            QueuePairState now = state;
            if (now == QueuePairState.ERROR || now == QueuePairState.DESTROYED) {
                return false;
            }
            if (STATE.compareAndSet(this, now, QueuePairState.ERROR)) {
                return true;
            }
        }
    }

    /** The engine found that it cannot go on. */
    void breakDown(String reason) {
        if (enterError()) {
            failure = reason;
            LOG.log(Level.DEBUG, "{0}", this);
            device.raise(new AsyncEvent.QueuePairFatal(number));
        }
    }

    /**
     * A fault of ours, or memory that is gone because a peer truncated a mapped file (an {@link InternalError} then): it costs
     * this queue pair, not the owner's loop.
     */
    void engineFailed(Throwable fault) {
        if (state != QueuePairState.ERROR) {
            breakDown("its engine failed: " + fault);
            LOG.log(Level.WARNING, this::toString, fault);
        }
    }

    void warn(String what) {
        LOG.log(Level.WARNING, "{0} {1}", this, what);
    }

    @Override
    public int postReceive(long workRequestId, long address, int length, int localKey) {
        QueuePairState now = state;
        if (now == QueuePairState.RESET || now == QueuePairState.DESTROYED) {
            return WRONG_STATE;
        }
        if (length < 0) {
            return INVALID_REQUEST;
        }
        ReceiveQueue receives = responder.receives();
        if (receives.isFull()) {
            return QUEUE_FULL;
        }
        receives.add(workRequestId, address, length, localKey);
        posted();
        return OK;
    }

    @Override
    public int postSend(SendWorkRequest request) {
        queue.epoch().enter();
        try {
            QueuePairState now = state;
            if (now != QueuePairState.RTS && now != QueuePairState.ERROR) {
                return WRONG_STATE;
            }
            SendQueue sends = initiator.sends();
            if (!sends.accepts(request)) {
                return INVALID_REQUEST;
            }
            if (sends.isFull()) {
                return QUEUE_FULL;
            }
            sends.add(request);
            posted();
            Path to = path;
            // one ring at a time: if older requests wait for room, this one waits behind them for the next poll
            if (now == QueuePairState.RTS && to != null && to.isUp() && initiator.transmit(RingLayout.FRAGMENT)) {
                to.ringPeer();
            }
            return OK;
        } catch (InternalError e) {
            engineFailed(e);
            return OK;
        } finally {
            queue.epoch().exit();
        }
    }

    private void posted() {
        OUTSTANDING.setOpaque(this, (int) OUTSTANDING.get(this) + 1);
    }

    /** A request has been completed through poll, or silently. @return whether its completion is still wanted */
    boolean completed() {
        OUTSTANDING.setOpaque(this, (int) OUTSTANDING.get(this) - 1);
        return state != QueuePairState.DESTROYED;
    }

    @Override
    public int outstanding() {
        return state == QueuePairState.DESTROYED ? 0 : (int) OUTSTANDING.getOpaque(this);
    }

    /** A bounded turn of the engine. @return whether anything was done */
    boolean turn(CompletionFifo completions) {
        QueuePairState now = state;
        Path to = path;
        if (now == QueuePairState.ERROR) {
            return flush(completions);
        }
        if (to == null || (now != QueuePairState.RTR && now != QueuePairState.RTS)) {
            return false;
        }
        boolean up = to.isUp();
        boolean moved = up && responder.turn(completions);
        if (state == QueuePairState.RTS) {
            moved |= initiator.turn(completions, up);
        }
        if (moved) {
            to.ringPeer();
        } else if (to.isPeerDead()) {
            // what it sent before it died has been executed by now
            initiator.fail(CompletionStatus.RETRY_EXC_ERR, "its peer's device is gone");
            return true;
        }
        return moved;
    }

    private boolean flush(CompletionFifo completions) {
        if (!stopped) {
            // first, so that the flush goes on even if the peer has truncated its file and the next line fails
            stopped = true;
            initiator.stop();
            responder.stop();
            ringPeer();
        }
        return initiator.flush(completions) | responder.flush(completions);
    }

    /** Whether a turn would do anything: asked by an owner that is about to sleep. */
    boolean hasWork() {
        QueuePairState now = state;
        Path to = path;
        if (now == QueuePairState.ERROR) {
            return !stopped
                    || !responder.receives().isEmpty()
                    || !initiator.sends().isEmpty();
        }
        if (to == null || (now != QueuePairState.RTR && now != QueuePairState.RTS)) {
            return false;
        }
        boolean up = to.isUp();
        return to.isPeerDead() || (up && responder.hasWork()) || (now == QueuePairState.RTS && initiator.hasWork(up));
    }

    /** Looks at the timers. @return nanoseconds until it should look again */
    long watch(long now) {
        Path to = path;
        return state == QueuePairState.RTS && to != null ? initiator.watch(now, to.isUp()) : Long.MAX_VALUE;
    }

    /** Wakes the peer's owner if it is parked. */
    void ringPeer() {
        Path to = path;
        if (to != null) {
            to.ringPeer();
        }
    }

    /** The port it was put on, 0 before INIT. */
    int portNumber() {
        return port;
    }

    @Override
    public synchronized void close() {
        QueuePairState before = (QueuePairState) STATE.getAndSet(this, QueuePairState.DESTROYED);
        if (before == QueuePairState.DESTROYED) {
            return;
        }
        device.unlist(this);
        queue.epoch().awaitEndOfTurn();
        try {
            // an owner that has flushed it has told the peer; and if that failed, it would fail again
            if (!stopped) {
                initiator.stop();
                responder.stop();
                ringPeer();
            }
        } catch (InternalError e) {
            LOG.log(Level.WARNING, () -> this + ": its peer could not be told that it is destroyed: " + e);
        } finally {
            connector.disconnect(ownRing, peerRing, path);
        }
    }

    @Override
    public String toString() {
        String why = failure;
        return "softrdma queue pair 0x%06x (%s%s)".formatted(number, state, why.isEmpty() ? "" : ": " + why);
    }
}
