package io.smc4j.actors.fake;

import io.smc4j.rdma.MemoryRegion;
import java.lang.foreign.MemorySegment;

/** Registered memory of a {@link FakeFabric}; its key is both local and remote. */
public final class FakeRegion implements MemoryRegion {
    final MemorySegment memory;
    final boolean remoteWrite;
    private final int key;
    volatile boolean closed;

    FakeRegion(MemorySegment memory, boolean remoteWrite, int key) {
        this.memory = memory;
        this.remoteWrite = remoteWrite;
        this.key = key;
    }

    MemorySegment slice(long address, int length) {
        return memory.asSlice(address - address(), length);
    }

    @Override
    public long address() {
        return memory.address();
    }

    @Override
    public long length() {
        return memory.byteSize();
    }

    @Override
    public int localKey() {
        return key;
    }

    @Override
    public int remoteKey() {
        return key;
    }

    @Override
    public void close() {
        closed = true;
    }
}
