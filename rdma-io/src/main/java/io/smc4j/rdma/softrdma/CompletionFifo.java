package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.Completions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Completions that the engine has produced and the owner has not yet polled, in order of execution. Owner's thread only.
 *
 * <p>It never overflows: the engine executes nothing whose completion has no room, so a full completion queue slows its peers
 * down where hardware would go into error.
 */
final class CompletionFifo {
    private final long[] workRequestId;
    private final CompletionStatus[] status;
    private final @Nullable SoftQueuePair[] queuePair;
    private final int[] byteCount;
    private final boolean[] receive;
    private int head;
    private int size;

    CompletionFifo(int capacity) {
        workRequestId = new long[capacity];
        status = new CompletionStatus[capacity];
        Arrays.fill(status, CompletionStatus.SUCCESS);
        queuePair = new SoftQueuePair[capacity];
        byteCount = new int[capacity];
        receive = new boolean[capacity];
    }

    boolean hasRoom() {
        return size < workRequestId.length;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(SoftQueuePair qp, long id, CompletionStatus completionStatus, int bytes, boolean isReceive) {
        int i = head + size++;
        if (i >= workRequestId.length) {
            i -= workRequestId.length;
        }
        workRequestId[i] = id;
        status[i] = completionStatus;
        queuePair[i] = qp;
        byteCount[i] = bytes;
        receive[i] = isReceive;
    }

    /** Moves completions to {@code batch} until it is full; those of destroyed queue pairs are dropped. */
    void drainTo(Completions batch) {
        while (size > 0 && !batch.isFull()) {
            SoftQueuePair qp = queuePair[head];
            if (qp != null && qp.completed()) {
                batch.add(workRequestId[head], status[head], qp.number(), byteCount[head], receive[head]);
            }
            queuePair[head] = null;
            size--;
            if (++head == workRequestId.length) {
                head = 0;
            }
        }
    }
}
