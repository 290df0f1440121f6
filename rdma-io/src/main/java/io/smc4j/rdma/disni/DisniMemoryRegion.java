package io.smc4j.rdma.disni;

import io.smc4j.rdma.MemoryRegion;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** An {@code ibv_mr}. */
final class DisniMemoryRegion implements MemoryRegion, DisniDevice.Dependent {
    private final DisniProtectionDomain domain;
    private final Jverbs.Memory memory;
    private final long address;
    private final long length;
    private final AtomicBoolean closed = new AtomicBoolean();

    DisniMemoryRegion(DisniProtectionDomain domain, Jverbs.Memory memory, long address, long length) {
        this.domain = domain;
        this.memory = memory;
        this.address = address;
        this.length = length;
    }

    @Override
    public boolean dependsOn(Object other) {
        return other == domain;
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public int localKey() {
        return memory.localKey();
    }

    @Override
    public int remoteKey() {
        return memory.remoteKey();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        domain.device().closing(this);
        try {
            memory.free();
        } catch (IOException e) {
            throw new IllegalStateException("cannot deregister the " + this + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "memory region of %d bytes of %s"
                .formatted(length, domain.device().name());
    }
}
