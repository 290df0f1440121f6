package io.smc4j.testkit.faults;

import io.smc4j.rdma.MemoryRegion;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Registered memory, where late writes may arrive while it is registered. Thread-safe. */
final class FaultyRegion implements MemoryRegion {
    private final FaultyDevice device;
    private final MemoryRegion region;
    private final MemorySegment memory;
    private final boolean remoteWrite;
    private boolean closed;

    FaultyRegion(FaultyDevice device, MemoryRegion region, MemorySegment memory, boolean remoteWrite) {
        this.device = device;
        this.region = region;
        this.memory = memory;
        this.remoteWrite = remoteWrite;
    }

    @Override
    public long address() {
        return region.address();
    }

    @Override
    public long length() {
        return region.length();
    }

    @Override
    public int localKey() {
        return region.localKey();
    }

    @Override
    public int remoteKey() {
        return region.remoteKey();
    }

    /** A peer's write arrives. @return whether it was let in */
    synchronized boolean write(long address, byte[] bytes) {
        MemorySegment target = closed || !remoteWrite ? null : part(address, bytes.length);
        if (target == null) {
            return false;
        }
        target.asByteBuffer().put(bytes);
        return true;
    }

    /** A copy of a part of it, or null if that is not within. */
    byte @Nullable [] read(long address, int length) {
        try {
            MemorySegment part = part(address, length);
            return part == null ? null : part.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        } catch (IllegalStateException _) {
            return null; // its arena is closed
        }
    }

    private @Nullable MemorySegment part(long address, int length) {
        long offset = address - region.address();
        return offset < 0 || offset + length > memory.byteSize() ? null : memory.asSlice(offset, length);
    }

    @Override
    public synchronized void close() {
        closed = true;
        device.closed(this);
        region.close();
    }
}
