package io.smc4j.rdma.ibverbs;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.Completions;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.SendWorkRequest;
import io.smc4j.rdma.work.WorkId;
import io.smc4j.rdma.work.WorkRing;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An RC {@code ibv_qp}.
 *
 * <p>Thread rules: as {@link QueuePair} says. The work requests are built in native memory of the queue pair that is written by the
 * posting thread only.
 */
final class IbQueuePair implements QueuePair, IbDevice.Dependent {
    private static final int MAX_REQUESTS = 1 << 15;

    private final IbProtectionDomain domain;
    private final IbCompletionQueue queue;
    private final Verbs.Operations operations;
    private final long qp;
    private final int number;
    private final int inlineBytes;
    private final int slot;
    private final long base;
    private final WorkRing sends;
    private final WorkRing receives;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment sendRequest = arena.allocate(Abi.SEND_WR_BYTES, 8);
    private final MemorySegment sendList = arena.allocate(SendWorkRequest.MAX_SEGMENTS * Abi.SGE_BYTES, 8);
    private final MemorySegment receiveRequest = arena.allocate(Abi.RECV_WR_BYTES, 8);
    private final MemorySegment receiveList = arena.allocate(Abi.SGE_BYTES, 8);
    private final MemorySegment bad = arena.allocate(8, 8);
    private final int mostSegments;
    private volatile QueuePairState state = QueuePairState.RESET;
    private int port;

    private IbQueuePair(
            IbProtectionDomain domain,
            IbCompletionQueue queue,
            QueuePairCapacity capacity,
            long qp,
            int number,
            int inlineBytes)
            throws RdmaException {
        this.domain = domain;
        this.queue = queue;
        this.qp = qp;
        this.number = number;
        this.inlineBytes = inlineBytes;
        operations = domain.device().operations();
        mostSegments = capacity.gatherSegments();
        sends = new WorkRing(capacity.sendRequests());
        receives = new WorkRing(capacity.receiveRequests());
        sendRequest.set(JAVA_LONG, Abi.SEND_WR_SG_LIST, sendList.address());
        receiveRequest.set(JAVA_LONG, Abi.RECV_WR_SG_LIST, receiveList.address());
        receiveRequest.set(JAVA_INT, Abi.RECV_WR_NUM_SGE, 1);
        slot = domain.device().list(this);
        base = WorkId.base(slot, domain.device().nextGeneration(slot));
    }

    static IbQueuePair create(
            IbProtectionDomain domain, IbCompletionQueue queue, QueuePairCapacity capacity, int inline)
            throws RdmaException {
        check(capacity);
        IbDevice device = domain.device();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment init = arena.allocate(Abi.INIT_BYTES, 8);
            init.set(JAVA_LONG, Abi.INIT_SEND_CQ, queue.address());
            init.set(JAVA_LONG, Abi.INIT_RECV_CQ, queue.address());
            init.set(JAVA_INT, Abi.INIT_CAP + Abi.CAP_MAX_SEND_WR, capacity.sendRequests());
            init.set(JAVA_INT, Abi.INIT_CAP + Abi.CAP_MAX_RECV_WR, capacity.receiveRequests());
            init.set(JAVA_INT, Abi.INIT_CAP + Abi.CAP_MAX_SEND_SGE, capacity.gatherSegments());
            init.set(JAVA_INT, Abi.INIT_CAP + Abi.CAP_MAX_RECV_SGE, 1);
            init.set(JAVA_INT, Abi.INIT_CAP + Abi.CAP_MAX_INLINE, inline);
            init.set(JAVA_INT, Abi.INIT_QP_TYPE, Abi.QP_TYPE_RC);
            long qp = device.verbs().createQp(domain.address(), init);
            if (qp == -Errors.EINVAL && inline > 0) {
                init.set(JAVA_INT, Abi.INIT_CAP + Abi.CAP_MAX_INLINE, 0);
                qp = device.verbs().createQp(domain.address(), init);
            }
            if (qp < 0) {
                throw Errors.of("ibv_create_qp(" + domain + ", " + capacity + ")", qp);
            }
            MemorySegment struct = device.verbs().at(qp, Abi.QP_BYTES);
            int number = struct.get(JAVA_INT, Abi.QP_NUM);
            if (struct.get(JAVA_LONG, Abi.QP_CONTEXT) != device.context() || number <= 0 || number >= 1 << 24) {
                device.verbs().destroyQp(qp);
                throw IbDevice.layout("struct ibv_qp");
            }
            try {
                return new IbQueuePair(
                        domain, queue, capacity, qp, number, init.get(JAVA_INT, Abi.INIT_CAP + Abi.CAP_MAX_INLINE));
            } catch (RdmaException e) {
                device.verbs().destroyQp(qp);
                throw e;
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
                    Category.MISUSE,
                    "%s is out of range: 1..%d requests, 1..%d segments"
                            .formatted(capacity, MAX_REQUESTS, SendWorkRequest.MAX_SEGMENTS));
        }
    }

    int inlineBytes() {
        return inlineBytes;
    }

    @Override
    public boolean dependsOn(Object other) {
        return other == domain || other == queue;
    }

    @Override
    public int number() {
        return number;
    }

    /** Asks the kernel where it may have changed by itself: not every device tells when a peer's request broke a queue pair. */
    @Override
    public QueuePairState state() {
        if (state == QueuePairState.RTR || state == QueuePairState.RTS) {
            synchronized (this) { // not while it is destroyed
                if (state != QueuePairState.DESTROYED && domain.device().verbs().queryQpState(qp) == Abi.STATE_ERROR) {
                    broke();
                }
            }
        }
        return state;
    }

    // ---- states ----

    @Override
    public void toInit(int portNumber) throws RdmaException {
        require(QueuePairState.RESET, QueuePairState.INIT);
        domain.device().port(portNumber); // refuses ports that are not there
        modify(QueuePairState.INIT, QueuePairAttributes.init(portNumber));
        port = portNumber;
    }

    @Override
    public void toRtr(RtrAttributes attributes) throws RdmaException {
        require(QueuePairState.INIT, QueuePairState.RTR);
        modify(QueuePairState.RTR, QueuePairAttributes.rtr(domain.device().port(port), attributes));
    }

    @Override
    public void toRts(RtsAttributes attributes) throws RdmaException {
        require(QueuePairState.RTR, QueuePairState.RTS);
        modify(QueuePairState.RTS, QueuePairAttributes.rts(attributes));
    }

    private void require(QueuePairState from, QueuePairState to) throws RdmaException {
        if (state != from) {
            throw new RdmaException(Category.MISUSE, this + " is in " + state + ": it cannot go to " + to);
        }
    }

    private void modify(QueuePairState to, QueuePairAttributes attributes) throws RdmaException {
        int error;
        try (Arena confined = Arena.ofConfined()) {
            error = domain.device().verbs().modifyQp(qp, attributes.encode(confined), attributes.mask());
        }
        if (error != 0) {
            throw Errors.of("ibv_modify_qp(" + this + ", " + attributes + ")", error);
        }
        state = to;
    }

    @Override
    public void toError() {
        if (state == QueuePairState.ERROR || state == QueuePairState.DESTROYED) {
            return;
        }
        state = QueuePairState.ERROR;
        QueuePairAttributes attributes = QueuePairAttributes.error();
        try (Arena confined = Arena.ofConfined()) {
            // It fails only if the device is gone, and then nothing of it works any more either.
            domain.device().verbs().modifyQp(qp, attributes.encode(confined), attributes.mask());
        }
    }

    /** It went to ERROR by itself. */
    void broke() {
        if (state != QueuePairState.DESTROYED) {
            state = QueuePairState.ERROR;
        }
    }

    // ---- hot path ----

    @Override
    public int postReceive(long workRequestId, long address, int length, int localKey) {
        QueuePairState now = state;
        if (now == QueuePairState.RESET || now == QueuePairState.DESTROYED) {
            return WRONG_STATE;
        }
        if (receives.isFull()) {
            return QUEUE_FULL;
        }
        MemorySegment request = receiveRequest;
        segment(receiveList, 0, address, length, localKey);
        request.set(JAVA_LONG, Abi.RECV_WR_ID, WorkId.of(base, true, receives.next()));
        int error = operations.postReceive(qp, request.address(), bad.address());
        if (error != 0) {
            return result(error);
        }
        receives.posted(workRequestId);
        return OK;
    }

    @Override
    public int postSend(SendWorkRequest request) {
        QueuePairState now = state;
        if (now != QueuePairState.RTS && now != QueuePairState.ERROR) {
            return WRONG_STATE;
        }
        int flags = request.flags();
        boolean inline = (flags & SendWorkRequest.INLINE) != 0;
        if (request.segments() > mostSegments || inline && request.totalLength() > inlineBytes) {
            return INVALID_REQUEST;
        }
        if (sends.isFull()) {
            return QUEUE_FULL;
        }
        MemorySegment wr = sendRequest;
        for (int i = 0; i < request.segments(); i++) {
            segment(sendList, i, request.address(i), request.length(i), request.localKey(i));
        }
        wr.set(JAVA_LONG, Abi.SEND_WR_ID, WorkId.of(base, false, sends.next()));
        wr.set(JAVA_INT, Abi.SEND_WR_NUM_SGE, request.segments());
        wr.set(JAVA_INT, Abi.SEND_WR_FLAGS, verbsFlags(flags));
        if (request.opcode() == SendWorkRequest.OP_RDMA_WRITE) {
            wr.set(JAVA_INT, Abi.SEND_WR_OPCODE, Abi.OPCODE_RDMA_WRITE);
            wr.set(JAVA_LONG, Abi.SEND_WR_REMOTE_ADDR, request.remoteAddress());
            wr.set(JAVA_INT, Abi.SEND_WR_RKEY, request.remoteKey());
        } else {
            wr.set(JAVA_INT, Abi.SEND_WR_OPCODE, Abi.OPCODE_SEND);
        }
        int error = operations.postSend(qp, wr.address(), bad.address());
        if (error != 0) {
            return result(error);
        }
        sends.posted(request.workRequestId());
        return OK;
    }

    private static void segment(MemorySegment list, int i, long address, int length, int key) {
        long at = i * Abi.SGE_BYTES;
        list.set(JAVA_LONG, at + Abi.SGE_ADDR, address);
        list.set(JAVA_INT, at + Abi.SGE_LENGTH, length);
        list.set(JAVA_INT, at + Abi.SGE_LKEY, key);
    }

    private static int verbsFlags(int flags) {
        return ((flags & SendWorkRequest.SIGNALED) != 0 ? Abi.FLAG_SIGNALED : 0)
                | ((flags & SendWorkRequest.SOLICITED) != 0 ? Abi.FLAG_SOLICITED : 0)
                | ((flags & SendWorkRequest.INLINE) != 0 ? Abi.FLAG_INLINE : 0);
    }

    private static int result(int errno) {
        return Math.abs(errno) == Errors.ENOMEM ? QUEUE_FULL : INVALID_REQUEST;
    }

    /** By the thread that polls: one of its requests completed, if the id is of this incarnation. */
    void completed(long id, CompletionStatus status, int bytes, Completions batch) {
        boolean receive = WorkId.isReceive(id);
        WorkRing ring = receive ? receives : sends;
        int sequence = WorkId.sequence(id);
        if (WorkId.base(id) != base || !ring.has(sequence)) {
            return;
        }
        boolean success = status == CompletionStatus.SUCCESS;
        if (!success) {
            broke();
        }
        batch.add(ring.completed(sequence), status, number, receive && success ? bytes : 0, receive);
    }

    @Override
    public int outstanding() {
        return sends.outstanding() + receives.outstanding();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (state == QueuePairState.DESTROYED) {
                return;
            }
            state = QueuePairState.DESTROYED;
        }
        IbDevice device = domain.device();
        device.unlist(this, slot);
        int error = device.verbs().destroyQp(qp);
        sends.clear();
        receives.clear();
        arena.close();
        if (error != 0 && error != Errors.EIO) {
            throw new IllegalStateException(
                    Errors.of("ibv_destroy_qp(" + this + ")", error).getMessage());
        }
    }

    @Override
    public String toString() {
        return "queue pair 0x%06x of %s".formatted(number, domain.device().name());
    }
}
