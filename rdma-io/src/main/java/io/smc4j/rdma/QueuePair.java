package io.smc4j.rdma;

/**
 * An RC (reliable connected) queue pair.
 *
 * <p>Thread rules: {@link #postSend} and {@link #postReceive} only by the thread that polls its completion queue (as verbs
 * providers are fastest without locks); state changes from any thread, one at a time, never concurrently with a post by the
 * owner unless the change is {@link #toError}.
 */
public interface QueuePair extends AutoCloseable {
    /** {@code post} result: accepted. */
    int OK = 0;
    /** {@code post} result: no room; poll completions and try again. */
    int QUEUE_FULL = -1;
    /** {@code post} result: the state of the queue pair does not allow it. */
    int WRONG_STATE = -2;
    /** {@code post} result: a key, address or length that was never registered, or too many bytes inline. */
    int INVALID_REQUEST = -3;

    /** Queue pair number, 24 bits, unique on its device while it lives. */
    int number();

    QueuePairState state();

    /** RESET → INIT on a port. */
    void toInit(int port) throws RdmaException;

    /** INIT → RTR: knows its peer; receives may complete from now on. */
    void toRtr(RtrAttributes attributes) throws RdmaException;

    /** RTR → RTS: may send. */
    void toRts(RtsAttributes attributes) throws RdmaException;

    /**
     * Any state → ERROR: every outstanding request completes with {@link CompletionStatus#WR_FLUSH_ERR}. Idempotent;
     * safe from any thread. The flush itself happens in later polls of the completion queue.
     */
    void toError();

    /** Posts a receive buffer. @return {@link #OK} or a negative code */
    int postReceive(long workRequestId, long address, int length, int localKey);

    /** Posts a send or write. @return {@link #OK} or a negative code */
    int postSend(SendWorkRequest request);

    /** Work requests posted and not yet completed through {@link CompletionQueue#poll}; readable from any thread. */
    int outstanding();

    /** Destroys it. Completions not yet polled are dropped. Idempotent. */
    @Override
    void close();
}
