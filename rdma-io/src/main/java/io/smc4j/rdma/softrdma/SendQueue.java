package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.SendWorkRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Send-side work requests from post to completion, in arrays made once. A request is known by its number, counted from 0.
 *
 * <pre>completed ≤ transmitted ≤ posted ≤ completed + capacity</pre>
 *
 * Owner's thread only.
 */
final class SendQueue {
    static final int MAX_INLINE = 256;

    /** All of the process's memory, for inline payloads, which are named by address alone as in verbs. */
    private static final MemorySegment ANYWHERE = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private final int capacity;
    private final int mask;
    private final int gather;
    private final long[] workRequestId;
    private final int[] opcode;
    private final int[] flags;
    private final int[] total;
    private final int[] segments;
    private final long[] address;
    private final int[] length;
    private final int[] localKey;
    private final long[] remoteAddress;
    private final int[] remoteKey;
    private final MemorySegment inline;

    /** Requests posted, all their bytes in the ring, completed. */
    long posted;

    long transmitted;
    long completed;

    /** What the oldest request completes with if the queue pair is in ERROR; the others are flushed. */
    @Nullable
    CompletionStatus failure;

    SendQueue(QueuePairCapacity size) {
        capacity = size.sendRequests();
        gather = size.gatherSegments();
        int slots = Integer.highestOneBit(Math.max(capacity - 1, 1)) << 1;
        mask = slots - 1;
        workRequestId = new long[slots];
        opcode = new int[slots];
        flags = new int[slots];
        total = new int[slots];
        segments = new int[slots];
        address = new long[slots * SendWorkRequest.MAX_SEGMENTS];
        length = new int[slots * SendWorkRequest.MAX_SEGMENTS];
        localKey = new int[slots * SendWorkRequest.MAX_SEGMENTS];
        remoteAddress = new long[slots];
        remoteKey = new int[slots];
        // no peer sees it, so the garbage collector may free it
        inline = Arena.ofAuto().allocate((long) slots * MAX_INLINE);
    }

    boolean isFull() {
        return posted - completed >= capacity;
    }

    boolean isEmpty() {
        return posted == completed;
    }

    /** Whether the request can be posted at all. */
    boolean accepts(SendWorkRequest request) {
        if (request.segments() > gather
                || (request.opcode() != SendWorkRequest.OP_SEND && request.opcode() != SendWorkRequest.OP_RDMA_WRITE)) {
            return false;
        }
        long bytes = 0;
        for (int i = 0; i < request.segments(); i++) {
            if (request.length(i) < 0) {
                return false;
            }
            bytes += request.length(i);
        }
        return bytes <= ((request.flags() & SendWorkRequest.INLINE) != 0 ? MAX_INLINE : RingLayout.MAX_MESSAGE);
    }

    /** Copies an accepted request in; there is room. */
    void add(SendWorkRequest request) {
        int slot = (int) posted & mask;
        workRequestId[slot] = request.workRequestId();
        opcode[slot] = request.opcode();
        flags[slot] = request.flags();
        total[slot] = request.totalLength();
        segments[slot] = request.segments();
        remoteAddress[slot] = request.remoteAddress();
        remoteKey[slot] = request.remoteKey();
        if ((request.flags() & SendWorkRequest.INLINE) != 0) {
            long to = (long) slot * MAX_INLINE;
            for (int i = 0; i < request.segments(); i++) {
                MemorySegment.copy(ANYWHERE, request.address(i), inline, to, request.length(i));
                to += request.length(i);
            }
        } else {
            int at = slot * SendWorkRequest.MAX_SEGMENTS;
            for (int i = 0; i < request.segments(); i++) {
                address[at + i] = request.address(i);
                length[at + i] = request.length(i);
                localKey[at + i] = request.localKey(i);
            }
        }
        posted++;
    }

    /**
     * Copies a piece of a request's payload.
     *
     * @return false if a segment's key or bounds do not allow it
     */
    boolean copyPayload(
            long request,
            int offset,
            int bytes,
            MemorySegment target,
            long targetOffset,
            RegistrationTable table,
            SoftProtectionDomain domain) {
        int slot = (int) request & mask;
        if ((flags[slot] & SendWorkRequest.INLINE) != 0) {
            MemorySegment.copy(inline, (long) slot * MAX_INLINE + offset, target, targetOffset, bytes);
            return true;
        }
        int end = offset + bytes;
        int start = 0;
        int at = slot * SendWorkRequest.MAX_SEGMENTS;
        for (int i = at; i < at + segments[slot]; i++) {
            int from = Math.max(offset, start);
            int to = Math.min(end, start + length[i]);
            if (from < to) {
                SoftMemoryRegion region = table.find(localKey[i], domain);
                if (region == null || region.localKey() != localKey[i] || !region.contains(address[i], length[i])) {
                    return false;
                }
                long source = address[i] - region.address() + (from - start);
                try {
                    MemorySegment.copy(
                            region.memory(), source, target, targetOffset + (from - offset), (long) to - from);
                } catch (IllegalStateException freedWhileRegistered) {
                    return false;
                }
            }
            start += length[i];
        }
        return true;
    }

    int opcode(long request) {
        return opcode[(int) request & mask];
    }

    int total(long request) {
        return total[(int) request & mask];
    }

    long remoteAddress(long request) {
        return remoteAddress[(int) request & mask];
    }

    int remoteKey(long request) {
        return remoteKey[(int) request & mask];
    }

    int ringFlags(long request) {
        return (flags[(int) request & mask] & SendWorkRequest.SOLICITED) != 0 ? RingLayout.SOLICITED : 0;
    }

    boolean signalled(long request) {
        return (flags[(int) request & mask] & SendWorkRequest.SIGNALED) != 0;
    }

    long workRequestId(long request) {
        return workRequestId[(int) request & mask];
    }
}
