package io.smc4j.actors.queue;

import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.RdmaException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A link's control memory, one registration: receive buffers, slots for CDC messages, slots for LLC messages. */
final class ControlSlab implements AutoCloseable {
    private static final int CDC_BYTES = 64;
    private static final int RECEIVE_AREA = OwnedLink.RECEIVES * OwnedLink.LLC_BYTES;
    private static final int CDC_AREA = OwnedLink.CDC_SLOTS * CDC_BYTES;
    private static final int LLC_AREA = OwnedLink.LLC_SLOTS * OwnedLink.LLC_BYTES;

    private final Arena arena;
    private final MemorySegment memory;
    private final MemoryRegion region;

    @SuppressWarnings("MustBeClosedChecker") // lives as long as the slab; close() closes it
    ControlSlab(ProtectionDomain domain) throws RdmaException {
        Arena shared = Arena.ofShared();
        try {
            memory = shared.allocate(RECEIVE_AREA + CDC_AREA + LLC_AREA, 4096);
            region = domain.register(memory, false);
            arena = shared;
        } catch (RdmaException | RuntimeException | OutOfMemoryError e) {
            shared.close();
            throw e;
        }
    }

    MemorySegment memory() {
        return memory;
    }

    long address(long offset) {
        return region.address() + offset;
    }

    int localKey() {
        return region.localKey();
    }

    static long receiveOffset(int index) {
        return (long) index * OwnedLink.LLC_BYTES;
    }

    static long cdcOffset(int index) {
        return RECEIVE_AREA + (long) index * CDC_BYTES;
    }

    static long llcOffset(int index) {
        return RECEIVE_AREA + CDC_AREA + (long) index * OwnedLink.LLC_BYTES;
    }

    @Override
    public void close() {
        region.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
