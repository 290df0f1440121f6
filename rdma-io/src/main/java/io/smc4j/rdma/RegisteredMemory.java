package io.smc4j.rdma;

import static io.smc4j.rdma.RdmaException.Category.MISUSE;

import java.lang.foreign.MemorySegment;

/** For devices: what memory must be to be registered. */
public final class RegisteredMemory {
    private RegisteredMemory() {}

    /**
     * Checks memory that a caller wants to register.
     *
     * @throws RdmaException of category MISUSE, if it cannot be: on the heap, empty, of one thread, freed, or read-only and to be
     *     written by peers
     */
    public static void check(MemorySegment memory, boolean remoteWrite) throws RdmaException {
        if (!memory.isNative() || memory.byteSize() == 0) {
            throw new RdmaException(
                    MISUSE,
                    "only native memory of at least one byte can be registered, not " + memory + ": use an Arena");
        }
        // A thread that owns no arena: what it may access, every thread may, so the completion queue's owner too.
        if (!memory.isAccessibleBy(Thread.ofPlatform().unstarted(() -> {}))) {
            throw new RdmaException(
                    MISUSE, memory + " is confined to one thread: register memory of Arena.ofShared() or a wider one");
        }
        if (memory.isReadOnly() && remoteWrite) {
            throw new RdmaException(MISUSE, memory + " is read-only: it cannot be registered for remote writes");
        }
        if (!memory.scope().isAlive()) {
            throw new RdmaException(MISUSE, memory + " is already freed");
        }
    }
}
