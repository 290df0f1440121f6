package io.smc4j.rdma.softrdma;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How a control call (close a queue pair, deregister memory) makes sure that the engine of a completion queue no longer uses what
 * it has just unpublished, without a lock on the hot path.
 *
 * <p>The owner makes the epoch odd before it looks at anything shared and even when it is done; entering is a volatile store,
 * which no later load overtakes. A control call first unpublishes with a volatile store, then reads the epoch. In any sequentially
 * consistent order either the owner's look comes after the unpublishing and does not find it, or the control call sees the odd
 * epoch and waits until it changes. An engine's turn is bounded and never blocks, so the wait is microseconds, or as long as the
 * owner's thread is not scheduled.
 */
final class EngineEpoch {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(EngineEpoch.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int SPINS = 200;

    @SuppressWarnings("unused") // through VALUE only
    private long value;

    /** The owner starts a turn. Turns do not nest. */
    void enter() {
        VALUE.setVolatile(this, (long) VALUE.get(this) + 1);
    }

    /** The owner ends a turn. */
    void exit() {
        VALUE.setRelease(this, (long) VALUE.get(this) + 1);
    }

    /** Returns when a turn that was going on has ended. Never called from within a turn: the engine calls nobody back. */
    void awaitEndOfTurn() {
        long seen = (long) VALUE.getVolatile(this);
        if ((seen & 1) == 0) {
            return;
        }
        for (int i = 0; (long) VALUE.getVolatile(this) == seen; i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }
}
