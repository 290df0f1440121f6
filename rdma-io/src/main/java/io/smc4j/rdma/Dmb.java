package io.smc4j.rdma;

import java.lang.foreign.MemorySegment;

/**
 * A registered direct memory buffer: the peer writes, the owner reads. Memory is a shared arena's: an access after
 * {@link #close} throws {@link IllegalStateException}.
 *
 * <p>How a reader sleeps without losing a wake-up, and without the writer paying for readers that are awake:
 *
 * <ul>
 *   <li>asynchronously: {@link #requestSignal}, look at the memory again, and be called back by the device's doorbell;
 *   <li>a thread of its own: {@code int seen = prepareWait();} look at the memory again; {@code awaitSignal(seen, timeout)}.
 * </ul>
 */
public interface Dmb extends AutoCloseable {
    /** Unguessable, unique token by which the peer attaches. */
    long token();

    /** Exactly the registered size. */
    MemorySegment memory();

    /** The peer's next {@link RemoteDmb#signal} rings the device's doorbell once. Any thread. */
    void requestSignal();

    /** Announces that this thread is about to sleep. @return what to give to {@link #awaitSignal} */
    int prepareWait();

    /**
     * Sleeps in the kernel until the peer's next signal, {@link #wakeWaiters}, or the time is over; at once if one came since
     * {@link #prepareWait}. Pins a virtual thread's carrier: platform threads only.
     */
    void awaitSignal(int seen, long timeoutNanos);

    /**
     * Tells the peer on which CPU a thread of the owner waited last, as {@code shm.CpuAffinity} counts them: see {@link
     * RemoteDmb#waiterCpu}. A hint, which a device need not pass on. Any thread.
     */
    default void noteWaiter(int cpu) {}

    /** Ends every {@link #awaitSignal}. Any thread. */
    void wakeWaiters();

    /**
     * Takes the DMB into use again, for another connection with the peer that was attached, if that peer has let go of it and kept it
     * mapped ({@link RemoteDmb#keep}). It has its token still; the peer takes it up by {@link RemoteDmb#renew}. For the owner of a
     * DMB whose connection is over.
     *
     * @param cookie from now on given to the handler of signals
     * @param cleared how many bytes at the beginning are to be zero again; what comes behind them stays as it is
     * @return false if the peer still uses it, or never can again ({@link #isSpent})
     */
    default boolean renew(Object cookie, int cleared) {
        return false;
    }

    /** Whether nobody can use this DMB again: no peer ever took it (up), or the one that did has detached for good. */
    default boolean isSpent() {
        return true;
    }

    /** Unregisters: the memory is unmapped here, and no new peer can attach. Idempotent. */
    @Override
    void close();
}
