package io.smc4j.testkit.faults;

/** Where a device can be struck: what is about to happen. */
public enum Point {
    /** A send or RDMA write is posted. */
    POST_SEND,
    /** A receive buffer is posted. */
    POST_RECEIVE,
    /** The completion of a send or write is polled. */
    SENT,
    /** The completion of a receive is polled: a message arrived, or a buffer is flushed. */
    RECEIVED,
    /** Memory is registered. */
    REGISTER,
    /** A queue pair is created. */
    CREATE_QUEUE_PAIR,
    /** A queue pair is to become ready to receive. */
    TO_RTR,
    /** A queue pair is to become ready to send. */
    TO_RTS,
    /** A DMB is registered (ISM). */
    REGISTER_DMB,
    /** A peer's DMB is attached (ISM). */
    ATTACH_DMB,
    /** A peer's DMB is signalled, after data was written to it (ISM). */
    SIGNAL,
    /** A peer's signal is polled (ISM). */
    SIGNALLED
}
