package io.smc4j.rdma;

/**
 * Where completed work requests appear.
 *
 * <p>Thread rules: {@link #poll}, {@link #arm} and {@link #await} by one thread at a time, each of which sees what the one before it
 * did; {@link #wakeUp} by any.
 *
 * <p>Waiting without losing a wake-up: {@code arm(); if (poll(batch) == 0) await(timeout);}
 */
public interface CompletionQueue extends AutoCloseable {
    /** Clears {@code batch} and fills it with what has completed. Never blocks. @return the number of completions */
    int poll(Completions batch);

    /** Asks that the next completion (or {@link #wakeUp}) ends {@link #await}. */
    void arm();

    /**
     * Waits, after {@link #arm}, until there may be something to poll, {@link #wakeUp} was called, or the time is over.
     *
     * @param timeoutNanos longest wait
     */
    void await(long timeoutNanos);

    /** Ends a current or next {@link #await}. Cheap when the owner is awake (no system call). Any thread. */
    void wakeUp();

    @Override
    void close();
}
