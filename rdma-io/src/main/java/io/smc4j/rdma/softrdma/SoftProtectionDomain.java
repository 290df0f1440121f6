package io.smc4j.rdma.softrdma;

import static io.smc4j.rdma.RdmaException.Category.MISUSE;

import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RegisteredMemory;
import java.lang.foreign.MemorySegment;

/** A protection domain of a softrdma device: keys of one are worth nothing on queue pairs of another. */
final class SoftProtectionDomain implements ProtectionDomain {
    private final SoftRdmaDevice device;
    private final int number;

    SoftProtectionDomain(SoftRdmaDevice device, int number) {
        this.device = device;
        this.number = number;
    }

    @Override
    public MemoryRegion register(MemorySegment memory, boolean remoteWrite) throws RdmaException {
        RegisteredMemory.check(memory, remoteWrite);
        return device.register(this, memory, remoteWrite);
    }

    void deregistered(SoftMemoryRegion region) {
        device.deregistered(region);
    }

    @Override
    public QueuePair createQueuePair(CompletionQueue queue, QueuePairCapacity capacity) throws RdmaException {
        if (!(queue instanceof SoftCompletionQueue own) || !device.owns(own)) {
            throw new RdmaException(MISUSE, queue + " is not an open completion queue of " + device);
        }
        return device.createQueuePair(this, own, capacity);
    }

    @Override
    public void close() {
        device.close(this);
    }

    @Override
    public String toString() {
        return "protection domain " + number + " of " + device.name();
    }
}
