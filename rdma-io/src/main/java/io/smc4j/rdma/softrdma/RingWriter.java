package io.smc4j.rdma.softrdma;

import static io.smc4j.rdma.softrdma.RingLayout.*;

import io.smc4j.rdma.RdmaGid;
import java.lang.foreign.MemorySegment;

/**
 * The sending end of a ring: the peer's file, mapped here. One producer: the owner of the completion queue.
 *
 * <p>Nothing that the peer writes is trusted: positions are checked against what was sent, and the capacity was read once.
 */
final class RingWriter {
    /** {@link #room} results: wait; or the peer's position makes no sense. */
    static final int FULL = -1;

    static final int NONSENSE = -2;

    private final MemorySegment ring;
    private final long capacity;
    private long tail;
    private long head;

    RingWriter(MemorySegment ring, long capacity) {
        this.ring = ring;
        this.capacity = capacity;
    }

    /** Claims the ring. @return whether it was free */
    boolean attach(RdmaGid ownGid, int ownQueuePair) {
        if (!INT.compareAndSet(ring, O_ATTACHED, FREE, CLAIMED)) {
            return false;
        }
        ring.set(I32, O_SENDER_QPN, ownQueuePair);
        ring.set(I64, O_SENDER_GID_HIGH, ownGid.high());
        ring.set(I64, O_SENDER_GID_LOW, ownGid.low());
        return true;
    }

    /** Announces the first sequence number; the receiver looks at the ring from now on. */
    void start(int psn) {
        ring.set(I32, O_SENDER_PSN, psn);
        INT.setRelease(ring, O_ATTACHED, ATTACHED);
    }

    /** Asks the receiver to execute nothing more. */
    void stop() {
        INT.setVolatile(ring, O_STOPPED, 1);
    }

    /**
     * Payload bytes that the next frame of a message can take.
     *
     * @param left bytes of the message still to send
     * @return 0..left, or {@link #FULL}, also if it is better to wait for more room, or {@link #NONSENSE}
     */
    int room(int left) {
        long wanted = Math.min(frameBytes(left), WORTHWHILE);
        if (capacity - (tail - head) < wanted) {
            long seen = (long) LONG.getAcquire(ring, O_HEAD);
            if (seen < head || seen > tail || (seen & (FRAME_ALIGNMENT - 1)) != 0) {
                return NONSENSE;
            }
            head = seen;
            if (capacity - (tail - head) < wanted) {
                return FULL;
            }
        }
        long free = capacity - (tail - head);
        long contiguous = capacity - (tail & (capacity - 1));
        return (int) Math.min(Math.min(left, FRAGMENT), Math.min(free, contiguous) - FRAME_HEADER);
    }

    MemorySegment memory() {
        return ring;
    }

    /** Where the payload of the next frame goes, in {@link #memory}. */
    long payloadPosition() {
        return DATA + (tail & (capacity - 1)) + FRAME_HEADER;
    }

    /** Publishes a frame whose payload is in place. */
    void publish(
            int opcode,
            int flags,
            int sequence,
            int key,
            long remoteAddress,
            int messageBytes,
            int offset,
            int payload) {
        long at = DATA + (tail & (capacity - 1));
        ring.set(I32, at + F_PAYLOAD, payload);
        ring.set(I8, at + F_OPCODE, (byte) opcode);
        ring.set(I8, at + F_FLAGS, (byte) flags);
        ring.set(I16, at + F_RESERVED, (short) 0);
        ring.set(I32, at + F_SEQUENCE, sequence & PSN_MASK);
        ring.set(I32, at + F_REMOTE_KEY, key);
        ring.set(I64, at + F_REMOTE_ADDRESS, remoteAddress);
        ring.set(I32, at + F_MESSAGE_BYTES, messageBytes);
        ring.set(I32, at + F_OFFSET, offset);
        tail += frameBytes(payload);
        LONG.setRelease(ring, O_TAIL, tail);
    }

    /** Messages that the responder says it has executed. Unchecked. */
    long executed() {
        return (long) LONG.getAcquire(ring, O_EXECUTED);
    }

    /** 1 + number of the message that found no receive, or an older value. */
    long stalled() {
        return (long) LONG.getAcquire(ring, O_STALLED);
    }

    /** Why the responder refused the message after the last executed one, or 0. Read before {@link #executed}. */
    int nak() {
        return (int) INT.getAcquire(ring, O_NAK);
    }

    /** Whether the responder is in a state in which it executes. */
    boolean ready() {
        return (int) INT.getAcquire(ring, O_READY) == 1;
    }

    int rnrTimerCode() {
        return (int) INT.getOpaque(ring, O_RNR_TIMER) & 31;
    }
}
