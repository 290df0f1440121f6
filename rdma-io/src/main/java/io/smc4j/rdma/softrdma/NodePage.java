package io.smc4j.rdma.softrdma;

import static io.smc4j.rdma.softrdma.RingLayout.I32;
import static io.smc4j.rdma.softrdma.RingLayout.I64;
import static io.smc4j.rdma.softrdma.RingLayout.INT;

import io.smc4j.rdma.PortState;
import io.smc4j.rdma.RdmaGid;
import io.smc4j.rdma.shm.Doorbell;
import java.lang.foreign.MemorySegment;

/**
 * The page that a device shares with its peers: its ports, and a doorbell for each completion queue.
 *
 * <pre>
 *       0  magic i32 | version i32 | number of ports i32
 *      64  ports, 64 bytes each:  state i32 (1 = active) | 0 i32 | MAC i64 | GID high i64 | GID low i64
 *    1024  doorbells, 64 bytes each
 * </pre>
 */
final class NodePage {
    static final long BYTES = 4096;
    static final int MAX_PORTS = 8;
    static final int DOORBELLS = 32;

    private static final int MAGIC = 0x5352444e;
    private static final int VERSION = 1;
    private static final long LINE = 64;
    private static final long DOORBELL_BASE = 1024;

    private final MemorySegment memory;

    NodePage(MemorySegment memory) {
        this.memory = memory;
    }

    void format(int ports) {
        memory.set(I32, 4, VERSION);
        memory.set(I32, 8, ports);
        INT.setRelease(memory, 0L, MAGIC);
    }

    /** Whether a peer's page is one that this version understands. */
    boolean isValid() {
        return (int) INT.getAcquire(memory, 0L) == MAGIC && memory.get(I32, 4) == VERSION;
    }

    void setAddress(int port, RdmaGid gid, long mac) {
        memory.set(I64, LINE * port + 8, mac);
        memory.set(I64, LINE * port + 16, gid.high());
        memory.set(I64, LINE * port + 24, gid.low());
    }

    boolean hasAddress(int port, RdmaGid gid) {
        return memory.get(I64, LINE * port + 16) == gid.high() && memory.get(I64, LINE * port + 24) == gid.low();
    }

    long mac(int port) {
        return memory.get(I64, LINE * port + 8);
    }

    void setState(int port, PortState state) {
        INT.setVolatile(memory, LINE * port, state == PortState.ACTIVE ? 1 : 0);
    }

    boolean isActive(int port) {
        return (int) INT.getAcquire(memory, LINE * port) == 1;
    }

    /** Memory of a doorbell. @param slot 0..{@link #DOORBELLS} - 1 */
    MemorySegment doorbell(int slot) {
        return memory.asSlice(DOORBELL_BASE + LINE * slot, Doorbell.BYTES);
    }
}
