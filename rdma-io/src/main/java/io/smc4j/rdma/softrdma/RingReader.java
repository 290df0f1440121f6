package io.smc4j.rdma.softrdma;

import static io.smc4j.rdma.softrdma.RingLayout.*;

import io.smc4j.rdma.RdmaGid;
import java.lang.foreign.MemorySegment;

/**
 * The receiving end of a ring: this queue pair's own file. One consumer: the owner of the completion queue.
 *
 * <p>The peer can write anything anywhere in the file at any time. So each field of a frame is read once, checked, and only the
 * checked copy is used; what this side needs of its own positions it keeps in Java.
 */
final class RingReader {
    /** {@link #next} results. */
    static final int EMPTY = 0;

    static final int FRAME = 1;
    static final int CORRUPT = 2;

    private final MemorySegment ring;
    private final long capacity;
    private long head;
    private long tail;
    private long frame;

    int opcode;
    int flags;
    int sequence;
    int remoteKey;
    long remoteAddress;
    int messageBytes;
    int offset;
    int payload;

    RingReader(MemorySegment ring, long capacity) {
        this.ring = ring;
        this.capacity = capacity;
    }

    /** Writes the fixed part of the header. */
    void format(long node, int queuePair, int doorbell) {
        ring.set(I64, O_CAPACITY, capacity);
        ring.set(I64, O_OWNER_NODE, node);
        ring.set(I32, O_OWNER_QPN, queuePair);
        ring.set(I32, O_OWNER_DOORBELL, doorbell);
        ring.set(I32, O_VERSION, VERSION);
        INT.setRelease(ring, O_MAGIC, MAGIC);
    }

    /** Whether a sender has said who it is; the rest of the attach line is valid then. */
    boolean attached() {
        return (int) INT.getAcquire(ring, O_ATTACHED) == ATTACHED;
    }

    boolean attachedBy(RdmaGid gid, int queuePair) {
        return ring.get(I32, O_SENDER_QPN) == queuePair
                && ring.get(I64, O_SENDER_GID_HIGH) == gid.high()
                && ring.get(I64, O_SENDER_GID_LOW) == gid.low();
    }

    int senderPsn() {
        return ring.get(I32, O_SENDER_PSN);
    }

    boolean stopped() {
        return (int) INT.getAcquire(ring, O_STOPPED) != 0;
    }

    /** Whether the sender has published something. */
    boolean hasNext() {
        return head != tail || (long) LONG.getAcquire(ring, O_TAIL) != head;
    }

    /** Looks at the next frame; its fields are valid if the result is {@link #FRAME}. */
    int next() {
        if (head == tail) {
            long seen = (long) LONG.getAcquire(ring, O_TAIL);
            if (seen == head) {
                return EMPTY;
            }
            if (seen < head || seen - head > capacity || (seen & (FRAME_ALIGNMENT - 1)) != 0) {
                return CORRUPT;
            }
            tail = seen;
        }
        long contiguous = capacity - (head & (capacity - 1));
        frame = DATA + (head & (capacity - 1));
        payload = ring.get(I32, frame + F_PAYLOAD);
        if (payload < 0 || payload > contiguous - FRAME_HEADER || frameBytes(payload) > tail - head) {
            return CORRUPT;
        }
        opcode = ring.get(I8, frame + F_OPCODE);
        flags = ring.get(I8, frame + F_FLAGS);
        sequence = ring.get(I32, frame + F_SEQUENCE);
        remoteKey = ring.get(I32, frame + F_REMOTE_KEY);
        remoteAddress = ring.get(I64, frame + F_REMOTE_ADDRESS);
        messageBytes = ring.get(I32, frame + F_MESSAGE_BYTES);
        offset = ring.get(I32, frame + F_OFFSET);
        return FRAME;
    }

    /** Copies the payload of the current frame. */
    void copyTo(MemorySegment target, long targetOffset) {
        MemorySegment.copy(ring, frame + FRAME_HEADER, target, targetOffset, payload);
    }

    /** Gives the current frame's room back to the sender. */
    void consume() {
        head += frameBytes(payload);
        LONG.setRelease(ring, O_HEAD, head);
    }

    void executed(long messages) {
        LONG.setRelease(ring, O_EXECUTED, messages);
    }

    void stalled(long message) {
        LONG.setRelease(ring, O_STALLED, message + 1);
    }

    /** Refuses the message after the last executed one, for ever. */
    void nak(int status) {
        INT.setRelease(ring, O_NAK, status);
    }

    void ready(boolean ready, int rnrTimerCode) {
        INT.setOpaque(ring, O_RNR_TIMER, rnrTimerCode);
        INT.setRelease(ring, O_READY, ready ? 1 : 0);
    }
}
