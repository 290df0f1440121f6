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

    /**
     * Lets go of it, but keeps it mapped for another connection: from now on nothing is written there before {@link #renew} succeeds.
     *
     * @return whether this device can do so; if not, close it
     */
    default boolean keep() {
        return false;
    }

    /** Takes up what was kept, after its owner took it into use again. @return false if its owner has not: close it */
    default boolean renew() {
        return false;
    }

    /** Whether its owner has unregistered it: close it. */
    default boolean isWithdrawn() {
        return true;
    }

    /** Detaches. Idempotent. */
    @Override
    void close();
}
