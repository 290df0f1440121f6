package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.Yielding;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Whose turn it is to work at a completion queue: whoever takes the baton sees all that its last holder did. Application threads only
 * ever try; the owner waits, for a round of theirs at most.
 *
 * <p>Not reentrant: who holds it and tries again does not get it.
 */
final class Baton {
    private static final int FREE = 0;
    private static final int WORKING = 1;
    private static final int ASLEEP = 2;

    private static final int SPINS = 200;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Baton.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int state;

    /** Any thread. */
    boolean tryTake() {
        return state == FREE && STATE.compareAndSet(this, FREE, WORKING);
    }

    /** Owner. */
    void take() {
        for (int i = 0; !tryTake(); i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                Yielding.pause();
            }
        }
    }

    /** Its holder is about to look for work a last time, and then to sleep. */
    void lieDown() {
        state = ASLEEP;
    }

    /**
     * Whether its holder will look for work once more. Who made work visible by a volatile write before and finds it so may rely on
     * that: a holder looks again after it gave the baton, or lay down.
     */
    boolean isAtWork() {
        return state == WORKING;
    }

    /** Its holder. */
    void give() {
        state = FREE;
    }
}
