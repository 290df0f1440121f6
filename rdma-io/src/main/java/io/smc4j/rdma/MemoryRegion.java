package io.smc4j.rdma;

/** Registered memory. Thread-safe. */
public interface MemoryRegion extends AutoCloseable {
    /** Address that local and remote work requests use for byte 0. */
    long address();

    long length();

    /** Key for local use in work requests. */
    int localKey();

    /** Key that a peer needs to write here. */
    int remoteKey();

    /**
     * Deregisters: once this returns, no access through either key succeeds any more, neither local nor by a peer.
     * May take milliseconds. Idempotent.
     */
    @Override
    void close();
}
