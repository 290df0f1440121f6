package io.smc4j.testkit;

import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.SendWorkRequest;

/** A queue pair in a ledger. */
record LedgerQueuePair(QueuePair queuePair, ResourceLedger.Closer entry) implements QueuePair {
    @Override
    public int number() {
        return queuePair.number();
    }

    @Override
    public QueuePairState state() {
        return queuePair.state();
    }

    @Override
    public void toInit(int port) throws RdmaException {
        queuePair.toInit(port);
    }

    @Override
    public void toRtr(RtrAttributes attributes) throws RdmaException {
        queuePair.toRtr(attributes);
    }

    @Override
    public void toRts(RtsAttributes attributes) throws RdmaException {
        queuePair.toRts(attributes);
    }

    @Override
    public void toError() {
        queuePair.toError();
    }

    @Override
    public int postReceive(long workRequestId, long address, int length, int localKey) {
        return queuePair.postReceive(workRequestId, address, length, localKey);
    }

    @Override
    public int postSend(SendWorkRequest request) {
        return queuePair.postSend(request);
    }

    @Override
    public int outstanding() {
        return queuePair.outstanding();
    }

    @Override
    public void close() {
        queuePair.close();
        entry.closed();
    }
}
