package io.smc4j.rdma.softrdma;

import static io.smc4j.rdma.softrdma.RingLayout.*;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.RdmaGid;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.SendWorkRequest;
import org.jspecify.annotations.Nullable;

/**
 * Executes what the peer has put into this queue pair's ring. Owner's thread only, within a turn.
 *
 * <p>Executes nothing before the sender has proved to be the one that the queue pair was connected to (GID, queue pair number,
 * first PSN): as with hardware, a stranger is not answered. When the sender has given up (its queue pair is in ERROR), what is
 * still in the ring is dropped, except for frames that this side is just looking at: they count as packets that arrived in time.
 */
final class Responder {
    /** Bounds of one turn, so that no queue pair starves the others. */
    private static final int TURN_FRAMES = 32;

    private static final int TURN_BYTES = 8 * FRAGMENT;

    private final SoftQueuePair queuePair;
    private final RegistrationTable table;
    private final SoftProtectionDomain domain;
    private final RingReader ring;
    private final ReceiveQueue receives;

    private RtrAttributes peer = new RtrAttributes(new RdmaGid(0, 0), 0, 0, 0, 0, 0, 0);
    private boolean admitted;
    private boolean refused;

    /** Messages executed, and how far the current one is. */
    private long executed;

    private int offset;
    private int opcode;
    private int messageBytes;
    private int key;
    private long base;
    private long stalledAt = -1;

    Responder(
            SoftQueuePair queuePair,
            RegistrationTable table,
            SoftProtectionDomain domain,
            RingReader ring,
            int receives) {
        this.queuePair = queuePair;
        this.table = table;
        this.domain = domain;
        this.ring = ring;
        this.receives = new ReceiveQueue(receives);
    }

    ReceiveQueue receives() {
        return receives;
    }

    /** Frames of this peer may be executed from now on. Before the queue pair is in RTR. */
    void connect(RtrAttributes attributes) {
        peer = attributes;
        ring.ready(true, attributes.minRnrTimer());
    }

    /** Whether a turn would find something to do. */
    boolean hasWork() {
        return !refused
                && (!receives.isEmpty() || stalledAt != executed)
                && ring.hasNext()
                && (admitted || ring.attached())
                && !ring.stopped();
    }

    /** Executes what is there, within bounds. @return whether anything was done */
    boolean turn(CompletionFifo completions) {
        if (refused || !ring.hasNext() || !(admitted || admit()) || ring.stopped()) {
            return false;
        }
        long before = executed;
        int frames = 0;
        int bytes = 0;
        while (frames < TURN_FRAMES && bytes < TURN_BYTES) {
            int next = ring.next();
            if (next == RingReader.EMPTY) {
                break;
            }
            if (next == RingReader.CORRUPT || !isWellFormed()) {
                refuse(CompletionStatus.REM_INV_REQ_ERR, null, "its peer wrote a malformed frame or position");
                return true;
            }
            boolean done = opcode == SendWorkRequest.OP_SEND ? receive(completions) : write();
            if (!done) {
                break;
            }
            ring.consume();
            frames++;
            bytes += ring.payload;
            offset += ring.payload;
            if ((ring.flags & LAST) != 0) {
                offset = 0;
                executed++;
            }
        }
        if (executed != before) {
            ring.executed(executed);
        }
        return frames > 0;
    }

    private boolean admit() {
        if (!ring.attached()) {
            return false;
        }
        if (!ring.attachedBy(peer.remoteGid(), peer.remoteQueuePair())) {
            ignore("somebody else than the peer it was connected to has attached to it");
        } else if (ring.senderPsn() != peer.receivePsn()) {
            ignore("its peer starts with another packet sequence number than was announced");
        } else {
            admitted = true;
        }
        return admitted;
    }

    private void ignore(String reason) {
        refused = true;
        ring.ready(false, 0);
        queuePair.warn("answers nobody: " + reason);
    }

    /** Whether the frame continues the current message or starts one, and is consistent with itself. */
    private boolean isWellFormed() {
        if (offset == 0) {
            opcode = ring.opcode;
            messageBytes = ring.messageBytes;
            key = ring.remoteKey;
            base = ring.remoteAddress;
        }
        long end = (long) ring.offset + ring.payload;
        return (opcode == SendWorkRequest.OP_SEND || opcode == SendWorkRequest.OP_RDMA_WRITE)
                && ring.opcode == opcode
                && ring.offset == offset
                && messageBytes >= 0
                && messageBytes <= MAX_MESSAGE
                && ring.messageBytes == messageBytes
                && ring.remoteKey == key
                && ring.remoteAddress == base + offset
                && ring.sequence == ((peer.receivePsn() + executed) & PSN_MASK)
                && (ring.flags & ~(FIRST | LAST | SOLICITED)) == 0
                && ((ring.flags & FIRST) != 0) == (offset == 0)
                && ((ring.flags & LAST) != 0) == (end == messageBytes)
                && end <= messageBytes
                && (ring.payload > 0 || messageBytes == 0);
    }

    /** As the verbs ask, the key of a write of no bytes is not looked at. */
    private boolean write() {
        if (ring.payload == 0) {
            return true;
        }
        SoftMemoryRegion region = table.find(key, domain);
        // The first frame must have room for the whole message: a write either fits or changes nothing.
        long bytes = offset == 0 ? messageBytes : ring.payload;
        if (region == null
                || !region.allowsRemoteWrite(key)
                || !region.contains(ring.remoteAddress, bytes)
                || !copy(region, ring.remoteAddress)) {
            refuse(CompletionStatus.REM_ACCESS_ERR, null, "its peer's write is outside of memory registered for it");
            return false;
        }
        return true;
    }

    private boolean receive(CompletionFifo completions) {
        if (receives.isEmpty()) {
            if (stalledAt != executed) {
                stalledAt = executed;
                ring.executed(executed);
                ring.stalled(executed);
                queuePair.ringPeer();
            }
            return false;
        }
        if (!completions.hasRoom()) {
            return false;
        }
        if (messageBytes > receives.length()) {
            refuse(
                    CompletionStatus.REM_INV_REQ_ERR,
                    CompletionStatus.LOC_LEN_ERR,
                    "its peer sent more than the posted receive can hold");
            return false;
        }
        if (ring.payload > 0) {
            SoftMemoryRegion region = table.find(receives.localKey(), domain);
            if (region == null
                    || region.localKey() != receives.localKey()
                    || !region.contains(receives.address(), receives.length())
                    || !copy(region, receives.address() + offset)) {
                refuse(
                        CompletionStatus.REM_OP_ERR,
                        CompletionStatus.LOC_PROT_ERR,
                        "a posted receive is outside of registered memory");
                return false;
            }
        }
        if ((ring.flags & LAST) != 0) {
            completions.add(
                    queuePair, receives.workRequestId(), CompletionStatus.SUCCESS, messageBytes, /* isReceive= */ true);
            receives.remove();
        }
        return true;
    }

    private boolean copy(SoftMemoryRegion region, long address) {
        try {
            ring.copyTo(region.memory(), address - region.address());
            return true;
        } catch (IllegalStateException | UnsupportedOperationException freedOrReadOnly) {
            return false;
        }
    }

    /** Refuses the current message: after it the queue pair is in ERROR, at the peer too. */
    private void refuse(CompletionStatus atPeer, @Nullable CompletionStatus here, String reason) {
        receives.failure = here;
        ring.executed(executed);
        ring.nak(atPeer.code());
        queuePair.breakDown(reason);
    }

    /** In ERROR or DESTROYED: the peer is not answered any more. */
    void stop() {
        ring.ready(false, 0);
    }

    /** In ERROR: completes posted receives. @return whether there were any */
    boolean flush(CompletionFifo completions) {
        boolean any = false;
        while (!receives.isEmpty() && completions.hasRoom()) {
            CompletionStatus status = receives.failure;
            receives.failure = null;
            completions.add(
                    queuePair,
                    receives.workRequestId(),
                    status == null ? CompletionStatus.WR_FLUSH_ERR : status,
                    0,
                    /* isReceive= */ true);
            receives.remove();
            any = true;
        }
        return any;
    }
}
