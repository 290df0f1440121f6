package io.smc4j.actors.datapath;

import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.ProtectionDomain;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A send buffer: the ring from which RDMA writes of one connection are posted, and its registration with each device the
 * connection may send from. Memory and registrations belong to the link group's buffer pool; this object only knows them.
 *
 * <p>Thread-safe. A region must be added before an endpoint using the buffer is attached or moved to a link of that domain.
 */
public final class SendBuffer {
    private final MemorySegment memory;
    private final Map<ProtectionDomain, MemoryRegion> regions = new ConcurrentHashMap<>();

    /** @param memory the whole ring, native memory of a shared arena; its size is the size of the ring */
    public SendBuffer(MemorySegment memory) {
        if (memory.byteSize() < 1 || memory.byteSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a send buffer has 1 to 2^31-1 bytes, not " + memory.byteSize());
        }
        this.memory = memory;
    }

    public MemorySegment memory() {
        return memory;
    }

    /** Size of the ring in bytes. */
    public int size() {
        return (int) memory.byteSize();
    }

    /** Records the registration for links of a protection domain; {@code region.address()} stands for byte 0 of the ring. */
    public void addRegion(ProtectionDomain domain, MemoryRegion region) {
        regions.put(domain, region);
    }

    /** Forgets a registration, when the domain is no longer used by the link group. */
    public void removeRegion(ProtectionDomain domain) {
        regions.remove(domain);
    }

    @Nullable
    MemoryRegion region(ProtectionDomain domain) {
        return regions.get(domain);
    }
}
