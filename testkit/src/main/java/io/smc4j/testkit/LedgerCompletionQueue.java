package io.smc4j.testkit;

import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.Completions;

/** A completion queue in a ledger. */
final class LedgerCompletionQueue implements CompletionQueue {
    private final CompletionQueue queue;
    private final ResourceLedger.Closer entry;

    LedgerCompletionQueue(ResourceLedger ledger, String owner, String device, CompletionQueue queue) {
        this.queue = queue;
        this.entry = ledger.opened(ResourceLedger.Kind.COMPLETION_QUEUE, "of " + device, 0, owner);
    }

    /** The device's own: devices know only what they made. */
    CompletionQueue device() {
        return queue;
    }

    @Override
    public int poll(Completions batch) {
        return queue.poll(batch);
    }

    @Override
    public void arm() {
        queue.arm();
    }

    @Override
    public void await(long timeoutNanos) {
        queue.await(timeoutNanos);
    }

    @Override
    public void wakeUp() {
        queue.wakeUp();
    }

    @Override
    public void close() {
        queue.close();
        entry.closed();
    }
}
