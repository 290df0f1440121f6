package io.smc4j.rdma.ibverbs;

import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RegisteredMemory;
import java.lang.foreign.MemorySegment;

/** An {@code ibv_pd}. */
final class IbProtectionDomain implements ProtectionDomain {
    private final IbDevice device;
    private final long address;
    private final int number;

    IbProtectionDomain(IbDevice device, long address, int number) {
        this.device = device;
        this.address = address;
        this.number = number;
    }

    IbDevice device() {
        return device;
    }

    long address() {
        return address;
    }

    @Override
    public MemoryRegion register(MemorySegment memory, boolean remoteWrite) throws RdmaException {
        RegisteredMemory.check(memory, remoteWrite);
        return IbMemoryRegion.register(this, memory, remoteWrite);
    }

    @Override
    public QueuePair createQueuePair(CompletionQueue queue, QueuePairCapacity capacity) throws RdmaException {
        if (!(queue instanceof IbCompletionQueue own) || !device.isOpen(own)) {
            throw new RdmaException(
                    RdmaException.Category.MISUSE, queue + " is not an open completion queue of " + device);
        }
        return IbQueuePair.create(this, own, capacity, device.maxInlineBytes());
    }

    @Override
    public void close() {
        if (!device.isOpen(this)) {
            return;
        }
        device.closing(this);
        device.verbs().deallocPd(address);
    }

    @Override
    public String toString() {
        return "protection domain " + number + " of " + device.name();
    }
}
