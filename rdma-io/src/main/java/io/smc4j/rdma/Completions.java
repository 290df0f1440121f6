package io.smc4j.rdma;

/**
 * A batch of completions in parallel arrays, filled by {@link CompletionQueue#poll} and reused. Not thread-safe.
 */
public final class Completions {
    private final long[] workRequestId;
    private final CompletionStatus[] status;
    private final int[] queuePair;
    private final int[] byteCount;
    private final boolean[] receive;
    private int size;

    public Completions(int capacity) {
        workRequestId = new long[capacity];
        status = new CompletionStatus[capacity];
        queuePair = new int[capacity];
        byteCount = new int[capacity];
        receive = new boolean[capacity];
    }

    public int capacity() {
        return workRequestId.length;
    }

    public int size() {
        return size;
    }

    public boolean isFull() {
        return size == workRequestId.length;
    }

    /** For devices: forgets the previous batch. */
    public void clear() {
        size = 0;
    }

    /** For devices: appends a completion. */
    public void add(long id, CompletionStatus completionStatus, int qpNumber, int bytes, boolean isReceive) {
        int i = size++;
        workRequestId[i] = id;
        status[i] = completionStatus;
        queuePair[i] = qpNumber;
        byteCount[i] = bytes;
        receive[i] = isReceive;
    }

    public long workRequestId(int i) {
        return workRequestId[i];
    }

    public CompletionStatus status(int i) {
        return status[i];
    }

    /** Number of the queue pair the request was posted on. */
    public int queuePair(int i) {
        return queuePair[i];
    }

    /** Bytes received; meaningful for successful receives only. */
    public int byteCount(int i) {
        return byteCount[i];
    }

    /** Whether the request was a receive. */
    public boolean isReceive(int i) {
        return receive[i];
    }
}
