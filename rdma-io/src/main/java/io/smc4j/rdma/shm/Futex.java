package io.smc4j.rdma.shm;

/**
 * Sleeping on, and waking sleepers of, a 32-bit word in memory that processes share ({@code futex(2)}, not
 * {@code FUTEX_PRIVATE_FLAG}).
 *
 * <p>Takes raw addresses, not segments: a segment handed to a native call pins its arena, and an arena that somebody sleeps on
 * could then not be closed. The kernel checks the address, so a word that was unmapped meanwhile is harmless ({@code EFAULT}).
 * Callers that need waits to end at unmapping use {@link WaitWord}.
 *
 * <p>Thread-safe. Blocks its platform thread; a virtual thread pins its carrier for the time of the wait.
 */
public final class Futex {
    private Futex() {}

    /**
     * Sleeps while the word at {@code address} holds {@code expected}: until {@link #wake}, a signal, or the time is over; at
     * once if it holds something else or is not mapped. All of these just return: callers look at memory again.
     *
     * @param timeoutNanos longest sleep; zero or less returns at once
     */
    public static void await(long address, int expected, long timeoutNanos) {
        if (timeoutNanos > 0) {
            Libc.futexWait(address, expected, timeoutNanos);
        }
    }

    /**
     * Wakes up to {@code count} threads, of any process, that sleep on the word at {@code address}.
     *
     * @return how many were woken
     */
    public static int wake(long address, int count) {
        return Math.max(0, Libc.futexWake(address, count));
    }
}
