package io.smc4j.testkit.faults;

import io.smc4j.rdma.CompletionStatus;

/**
 * A completion that is shown later than the device produced it.
 *
 * @param queuePair whose it is
 * @param counted whether its request counts as outstanding until it is shown
 * @param stray whether it is shown even when its queue pair is destroyed
 */
record Shown(
        FaultyQueuePair queuePair,
        long id,
        CompletionStatus status,
        int bytes,
        boolean receive,
        boolean counted,
        boolean stray) {
    Shown(FaultyQueuePair queuePair, long id, CompletionStatus status, int bytes, boolean receive, boolean counted) {
        this(queuePair, id, status, bytes, receive, counted, false);
    }

    /** Kept back from now on. */
    Shown count(FaultyQueuePair by) {
        by.keep();
        return new Shown(queuePair, id, status, bytes, receive, true, stray);
    }

    Shown asStray() {
        return new Shown(queuePair, id, status, bytes, receive, counted, true);
    }
}
