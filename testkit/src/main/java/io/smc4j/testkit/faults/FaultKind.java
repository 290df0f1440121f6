package io.smc4j.testkit.faults;

/** What was done to whom. */
public enum FaultKind {
    /** A message or write never left; its sender may have been told otherwise. */
    SEND_DROPPED(Direction.OUTGOING),
    /** A message or write, and everything behind it on its queue pair, waits before it leaves. */
    SEND_DELAYED(Direction.OUTGOING),
    /** A post was refused with a code. */
    POST_REFUSED(Direction.OUTGOING),
    /** The completion came before the post returned. */
    COMPLETED_INSIDE_POST(Direction.OUTGOING),
    /** An RDMA write was written down, to arrive once more, later. */
    WRITE_CAPTURED(Direction.OUTGOING),
    /** A captured write arrived late. */
    WRITE_REPLAYED(Direction.INCOMING),
    /** A message that arrived was never shown; its receive buffer was given back. */
    RECEIVE_DROPPED(Direction.INCOMING),
    /** A receive buffer waits before the device gets it: the peer's messages find no receiver ready. */
    RECEIVER_NOT_READY(Direction.INCOMING),
    /** A completion is never shown. */
    COMPLETION_LOST(Direction.LOCAL),
    /** A completion, and every later one of its queue and direction, waits before it is shown. */
    COMPLETION_WITHHELD(Direction.LOCAL),
    /** A completion was shown twice. */
    COMPLETION_DUPLICATED(Direction.LOCAL),
    /** A completion was shown with another status. */
    STATUS_CHANGED(Direction.LOCAL),
    /** A queue pair went to ERROR; its peer notices when it sends. */
    QUEUE_PAIR_BROKEN(Direction.BOTH),
    /** Memory could not be registered, or a DMB not be made. */
    REGISTRATION_REFUSED(Direction.LOCAL),
    /** A queue pair could not be created. */
    QUEUE_PAIR_REFUSED(Direction.LOCAL),
    /** A queue pair could not be moved to its next state. */
    TRANSITION_REFUSED(Direction.LOCAL),
    PORT_DOWN(Direction.BOTH),
    PORT_UP(Direction.BOTH),
    DEVICE_REMOVED(Direction.BOTH),
    /** A peer's doorbell waits before it is heard. */
    SIGNAL_WITHHELD(Direction.INCOMING),
    /** A peer's doorbell is never heard. */
    SIGNAL_LOST(Direction.INCOMING),
    /** A doorbell to a peer was not rung. */
    SIGNAL_DROPPED(Direction.OUTGOING),
    /** A peer's DMB could not be attached. */
    ATTACH_REFUSED(Direction.LOCAL),
    /** The ISM device said that a peer is gone, which is not true. */
    PEER_GONE(Direction.LOCAL),
    /** Code of the test ran at this point. */
    CODE_RUN(Direction.LOCAL),
    ACTOR_FAILED(Direction.LOCAL),
    MESSAGE_HELD(Direction.LOCAL),
    MESSAGE_DROPPED(Direction.LOCAL),
    TCP_CUT(Direction.BOTH),
    TCP_STALLED(Direction.OUTGOING),
    TCP_TRUNCATED(Direction.OUTGOING),
    TCP_REFUSED(Direction.BOTH),
    PROCESS_STOPPED(Direction.BOTH),
    PROCESS_CONTINUED(Direction.BOTH),
    PROCESS_KILLED(Direction.BOTH);

    /** Whom a fault hurts, seen from where it is injected. */
    public enum Direction {
        /** Only what goes from here to the peer. */
        OUTGOING,
        /** Only what comes from the peer. */
        INCOMING,
        BOTH,
        /** Nothing on the wire: only what this end is told or given. */
        LOCAL
    }

    private final Direction direction;

    FaultKind(Direction direction) {
        this.direction = direction;
    }

    public Direction direction() {
        return direction;
    }
}
