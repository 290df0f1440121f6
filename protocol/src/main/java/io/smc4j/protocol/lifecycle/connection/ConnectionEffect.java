package io.smc4j.protocol.lifecycle.connection;

/** What the owner of a connection must do after a step, in the order given. None comes after {@link Release}. */
public sealed interface ConnectionEffect {

    /**
     * Send a CDC message with these flags, behind all data sent so far. If it cannot be sent (no link left, the peer's buffer not
     * known yet) it is dropped: the peer then learns of the end by other means.
     *
     * @param flags byte 25, all flags that were ever sent
     */
    record SendStateFlags(int flags) implements ConnectionEffect {}

    /** Accept nothing more from the application for sending; what was accepted is still sent. At most once. */
    record StopOutput() implements ConnectionEffect {}

    /** The application reads no more. At most once. */
    record StopInput() implements ConnectionEffect {}

    /**
     * Say {@link ConnectionEvent.Drained} as soon as (or if already) everything accepted is in the peer's memory, and
     * {@link ConnectionEvent.DrainDeadline} at the deadline. A second one replaces the deadline of the first.
     *
     * @param deadlineNanos on the clock of the step's {@code nowNanos}; may be now
     */
    record RequestDrain(long deadlineNanos) implements ConnectionEffect {}

    /** The drain is over: cancel its timer. */
    record CancelDrain() implements ConnectionEffect {}

    /** Shut down the output of the TCP socket. */
    record ShutdownTcpOutput() implements ConnectionEffect {}

    /** Shut down both directions of the TCP socket. */
    record ShutdownTcpBoth() implements ConnectionEffect {}

    /** Reset the TCP connection (close with linger 0). */
    record ResetTcp() implements ConnectionEffect {}

    /** The peer writes no more: readers see the end of the stream after the buffered data. At most once. */
    record EndInput() implements ConnectionEffect {}

    /** Every call of the application fails with this reason from now on. At most once. */
    record FailApplication(EndReason reason) implements ConnectionEffect {}

    /** Wake all waiting readers and writers: something changed for them. */
    record WakeAll() implements ConnectionEffect {}

    /** The peer can cause no more transitions: drop the reference that was held for it. Exactly once in a connection's life. */
    record DropPassiveReference() implements ConnectionEffect {}

    /** The connection is over and leaves its link group; its owner frees what it holds, the TCP socket included. Exactly once, last. */
    record Release(EndReason reason) implements ConnectionEffect {}
}
