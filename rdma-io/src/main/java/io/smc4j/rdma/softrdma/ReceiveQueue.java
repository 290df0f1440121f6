package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.CompletionStatus;
import org.jspecify.annotations.Nullable;

/** Posted receives, oldest first, in arrays made once. Owner's thread only. */
final class ReceiveQueue {
    private final int capacity;
    private final int mask;
    private final long[] workRequestId;
    private final long[] address;
    private final int[] length;
    private final int[] localKey;
    private long posted;
    private long completed;

    /** What the oldest receive completes with if the queue pair is in ERROR; the others are flushed. */
    @Nullable
    CompletionStatus failure;

    ReceiveQueue(int capacity) {
        this.capacity = capacity;
        int slots = Integer.highestOneBit(Math.max(capacity - 1, 1)) << 1;
        mask = slots - 1;
        workRequestId = new long[slots];
        address = new long[slots];
        length = new int[slots];
        localKey = new int[slots];
    }

    boolean isFull() {
        return posted - completed >= capacity;
    }

    boolean isEmpty() {
        return posted == completed;
    }

    void add(long id, long bufferAddress, int bufferLength, int key) {
        int slot = (int) posted++ & mask;
        workRequestId[slot] = id;
        address[slot] = bufferAddress;
        length[slot] = bufferLength;
        localKey[slot] = key;
    }

    long workRequestId() {
        return workRequestId[(int) completed & mask];
    }

    long address() {
        return address[(int) completed & mask];
    }

    int length() {
        return length[(int) completed & mask];
    }

    int localKey() {
        return localKey[(int) completed & mask];
    }

    /** The oldest is done. */
    void remove() {
        completed++;
    }
}
