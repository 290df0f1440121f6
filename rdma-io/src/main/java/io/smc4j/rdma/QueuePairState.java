package io.smc4j.rdma;

/** States of an RC queue pair that SMC passes through. */
public enum QueuePairState {
    RESET,
    INIT,
    /** Ready to receive: receives complete, sends are refused. */
    RTR,
    /** Ready to send. */
    RTS,
    /** Broken: everything outstanding is flushed with {@link CompletionStatus#WR_FLUSH_ERR}. */
    ERROR,
    DESTROYED
}
