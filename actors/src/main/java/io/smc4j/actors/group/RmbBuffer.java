package io.smc4j.actors.group;

import io.smc4j.actors.datapath.SendBuffer;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.ProtectionDomain;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The memory of one SMC-R connection: its RMB and its send buffer, registered on every device of the node. Belongs to a
 * {@link BufferPool}, is leased to a connection.
 */
final class RmbBuffer {
    private final long id;
    private final int size;
    private final Arena arena;
    private final MemorySegment rmb;
    private final SendBuffer sendBuffer;
    private final Map<ProtectionDomain, MemoryRegion> rmbRegions = new HashMap<>();
    private final List<MemoryRegion> regions = new ArrayList<>();

    RmbBuffer(long id, int size, Arena arena, MemorySegment rmb, MemorySegment send) {
        this.id = id;
        this.size = size;
        this.arena = arena;
        this.rmb = rmb;
        this.sendBuffer = new SendBuffer(send);
    }

    long id() {
        return id;
    }

    /** Bytes of each of the two. */
    int size() {
        return size;
    }

    MemorySegment rmb() {
        return rmb;
    }

    SendBuffer sendBuffer() {
        return sendBuffer;
    }

    /** Key and address of the RMB for links in a protection domain. */
    MemoryRegion region(ProtectionDomain domain) {
        MemoryRegion region = rmbRegions.get(domain);
        if (region == null) {
            throw new IllegalStateException("RMB " + id + " is not registered in the domain of this link: a bug");
        }
        return region;
    }

    void rmbRegistered(ProtectionDomain domain, MemoryRegion region) {
        rmbRegions.put(domain, region);
        regions.add(region);
    }

    void sendBufferRegistered(ProtectionDomain domain, MemoryRegion region) {
        sendBuffer.addRegion(domain, region);
        regions.add(region);
    }

    void zero() {
        rmb.fill((byte) 0);
        sendBuffer.memory().fill((byte) 0);
    }

    /** Deregisters and frees. */
    void free() {
        regions.forEach(MemoryRegion::close);
        arena.close();
    }

    /** Deregisters, so that no peer can write any more, but keeps the memory mapped: something local may still touch it. */
    void deregister() {
        regions.forEach(MemoryRegion::close);
    }
}
