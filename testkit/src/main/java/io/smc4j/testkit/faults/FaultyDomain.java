package io.smc4j.testkit.faults;

import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.RdmaException;
import java.lang.foreign.MemorySegment;

/** A protection domain whose registrations and queue pairs may fail. */
final class FaultyDomain implements ProtectionDomain {
    private final FaultyDevice device;
    private final ProtectionDomain domain;

    FaultyDomain(FaultyDevice device, ProtectionDomain domain) {
        this.device = device;
        this.domain = domain;
    }

    @Override
    public MemoryRegion register(MemorySegment memory, boolean remoteWrite) throws RdmaException {
        device.strikeControl(Point.REGISTER, memory.byteSize(), FaultKind.REGISTRATION_REFUSED);
        FaultyRegion region = new FaultyRegion(device, domain.register(memory, remoteWrite), memory, remoteWrite);
        device.opened(region);
        return region;
    }

    /** Registers memory of a fault's own, which no fault strikes. */
    MemoryRegion registerQuietly(MemorySegment memory) throws RdmaException {
        return domain.register(memory, false);
    }

    @Override
    public QueuePair createQueuePair(CompletionQueue queue, QueuePairCapacity capacity) throws RdmaException {
        device.strikeControl(Point.CREATE_QUEUE_PAIR, 0, FaultKind.QUEUE_PAIR_REFUSED);
        if (!(queue instanceof FaultyQueue faulty)) {
            throw new RdmaException(
                    RdmaException.Category.MISUSE, "a completion queue of another device: " + queue + " of " + device);
        }
        return device.opened(this, faulty, domain.createQueuePair(faulty.device(), capacity));
    }

    @Override
    public void close() {
        domain.close();
    }
}
