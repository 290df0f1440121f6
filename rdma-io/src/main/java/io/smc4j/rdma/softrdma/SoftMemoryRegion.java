package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.MemoryRegion;
import java.lang.foreign.MemorySegment;

/** Memory registered with a softrdma device. */
final class SoftMemoryRegion implements MemoryRegion {
    private final SoftProtectionDomain domain;
    private final MemorySegment memory;
    private final long address;
    private final long length;
    private final boolean remoteWrite;
    private final int localKey;
    private final int remoteKey;
    private volatile boolean open = true;

    SoftMemoryRegion(
            SoftProtectionDomain domain, MemorySegment memory, boolean remoteWrite, int localKey, int remoteKey) {
        this.domain = domain;
        this.memory = memory;
        this.address = memory.address();
        this.length = memory.byteSize();
        this.remoteWrite = remoteWrite;
        this.localKey = localKey;
        this.remoteKey = remoteKey;
    }

    MemorySegment memory() {
        return memory;
    }

    boolean isOpen(SoftProtectionDomain inDomain) {
        return domain == inDomain && open;
    }

    boolean allowsRemoteWrite(int key) {
        return remoteWrite && key == remoteKey;
    }

    /** Whether {@code bytes} bytes at {@code start} lie within the region; any values may be asked for. */
    boolean contains(long start, long bytes) {
        long offset = start - address;
        return offset >= 0 && offset <= length && bytes <= length - offset;
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
        return localKey;
    }

    @Override
    public int remoteKey() {
        return remoteKey;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
        }
        domain.deregistered(this);
    }

    @Override
    public String toString() {
        return "memory region 0x%08x (%d bytes at 0x%x)".formatted(remoteKey, length, address);
    }
}
