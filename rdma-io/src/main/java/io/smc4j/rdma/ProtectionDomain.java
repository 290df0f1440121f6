package io.smc4j.rdma;

import java.lang.foreign.MemorySegment;

/** The scope in which memory regions and queue pairs may be used together. Thread-safe. */
public interface ProtectionDomain extends AutoCloseable {
    /**
     * Registers memory, so that work requests may name it by key. May take milliseconds: never on an actor's turn.
     *
     * @param memory native memory that outlives the region
     * @param remoteWrite whether peers may RDMA-write into it
     */
    MemoryRegion register(MemorySegment memory, boolean remoteWrite) throws RdmaException;

    /**
     * Creates an RC queue pair in state RESET. May take milliseconds: never on an actor's turn.
     *
     * @param queue completion queue for both its sends and its receives, of the same device
     */
    QueuePair createQueuePair(CompletionQueue queue, QueuePairCapacity capacity) throws RdmaException;

    @Override
    void close();
}
