package io.smc4j.rdma;

import java.lang.foreign.MemorySegment;

/** A peer's DMB, mapped for writing. */
public interface RemoteDmb extends AutoCloseable {
    /** Exactly the announced size. */
    MemorySegment memory();

    /**
     * Tells the owner that the memory changed. Call after the release store that publishes the change. One volatile read
     * when the owner is awake; a system call only when it sleeps. Any thread.
     */
    void signal();

    /** The CPU on which a thread of the owner waited last, as it says; -1 if it does not. Never to be relied on. Any thread. */
    default int waiterCpu() {
        return -1;
    }

    /** Detaches. Idempotent. */
    @Override
    void close();
}
