package io.smc4j.rdma.disni;

import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** An {@code ibv_pd}. */
final class DisniProtectionDomain implements ProtectionDomain, DisniDevice.Dependent {
    private final DisniDevice device;
    private final Jverbs.Domain domain;

    DisniProtectionDomain(DisniDevice device, Jverbs.Domain domain) {
        this.device = device;
        this.domain = domain;
    }

    DisniDevice device() {
        return device;
    }

    Jverbs.Domain handle() {
        return domain;
    }

    @Override
    public boolean dependsOn(Object other) {
        return false;
    }

    @Override
    public MemoryRegion register(MemorySegment memory, boolean remoteWrite) throws RdmaException {
        if (!memory.isNative() || memory.byteSize() < 1 || memory.byteSize() > Integer.MAX_VALUE) {
            throw new RdmaException(
                    Category.MISUSE,
                    "DiSNI registers 1 to " + Integer.MAX_VALUE + " bytes of native memory, not " + memory);
        }
        if (!device.isOpen(this)) {
            throw new RdmaException(Category.MISUSE, this + " is closed");
        }
        try {
            Jverbs.Memory registered = domain.register(memory.address(), (int) memory.byteSize(), remoteWrite);
            DisniMemoryRegion region = new DisniMemoryRegion(this, registered, memory.address(), memory.byteSize());
            device.opened(region);
            return region;
        } catch (IOException e) {
            throw new RdmaException(
                    Category.OUT_OF_RESOURCES,
                    "cannot register %d bytes with %s: %s (is the limit of locked memory, ulimit -l, too low?)"
                            .formatted(memory.byteSize(), device.name(), e.getMessage()),
                    e);
        }
    }

    @Override
    public QueuePair createQueuePair(CompletionQueue queue, QueuePairCapacity capacity) throws RdmaException {
        if (!(queue instanceof DisniCompletionQueue own) || !device.isOpen(own) || !device.isOpen(this)) {
            throw new RdmaException(
                    Category.MISUSE, "a queue pair of " + device.name() + " needs an open completion queue of it");
        }
        return new DisniQueuePair(this, own, capacity);
    }

    @Override
    public void close() {
        if (!device.isOpen(this)) {
            return;
        }
        device.closing(this);
        try {
            domain.free();
        } catch (IOException e) {
            throw new IllegalStateException("cannot close the " + this + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "protection domain of " + device.name();
    }
}
