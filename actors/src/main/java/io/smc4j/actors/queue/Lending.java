package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.Doorbell;
import io.smc4j.actors.datapath.Driver;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An owner's turns, lent to application threads that look at memory anyway: they work at the queue themselves ({@link #drive}), and
 * the owner naps meanwhile. It looks after the queue at least once per nap, and at once when it is rung: by a command, by who marks an
 * endpoint without driving, by a driver that goes to sleep.
 *
 * <p>No lost work: who marks an endpoint and does not get the baton finds its holder at work or asleep. At work it looks at the dirty
 * set once more after it gave the baton (a driver here, the owner in its next round or in its last look before it sleeps). Asleep, it
 * is rung. A round that throws is the owner's failure: it is kept, and thrown in the owner's next turn, where supervision sees it.
 */
final class Lending implements Driver {
    /** What others than the drivers may have to wait once, when those stop without a word. */
    private static final long NAP_NANOS = 300_000;

    private static final int ROUNDS = 4;

    private final Baton baton = new Baton();
    private final Runnable round;
    private final BooleanSupplier workWaits;
    private final Doorbell doorbell;

    private volatile boolean passedOver;
    private volatile boolean left;
    private volatile int driven;
    private volatile @Nullable Thread napping;
    private volatile @Nullable Throwable fault;
    private int drivenSeen;

    /**
     * @param round one round of the owner's work; with the baton
     * @param workWaits whether endpoints were marked that nobody has taken; any thread
     */
    Lending(Runnable round, BooleanSupplier workWaits, Doorbell doorbell) {
        this.round = round;
        this.workWaits = workWaits;
        this.doorbell = doorbell;
    }

    // ---- application threads ----

    @Override
    public boolean drive(boolean goesOn) {
        for (int i = 0; i < ROUNDS; i++) {
            if (!baton.tryTake()) {
                if (goesOn && !passedOver) {
                    passedOver = true;
                }
                return baton.isAtWork();
            }
            try {
                if (fault == null) {
                    round.run();
                }
            } catch (RuntimeException | Error e) {
                fault = e;
            } finally {
                baton.give();
            }
            if (fault != null) {
                return false;
            }
            if (goesOn) {
                driven++; // a lost increment is one of many
            }
            if (!workWaits.getAsBoolean()) {
                return true;
            }
        }
        return false; // others bring work faster than this thread should do it
    }

    @Override
    public void leave() {
        left = true;
        LockSupport.unpark(napping);
    }

    /** Wakes the owner if it naps. Any thread. @return false if it does not */
    boolean wakeUp() {
        Thread owner = napping;
        LockSupport.unpark(owner);
        return owner != null;
    }

    // ---- owner ----

    Baton baton() {
        return baton;
    }

    /** Throws what a driver's round threw. */
    void throwFault() {
        Throwable thrown = fault;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Whether application threads drove or wanted to since this was asked last. */
    boolean isWanted() {
        boolean wanted = !left && (passedOver || driven != drivenSeen);
        if (wanted || left) {
            left = false; // whoever still drives says so again
            passedOver = false;
            drivenSeen = driven;
        }
        return wanted;
    }

    /** Naps for as long as application threads drive. */
    void giveWay() {
        napping = Thread.currentThread();
        doorbell.parked(true);
        try {
            boolean driving = true;
            while (driving && look()) {
                LockSupport.parkNanos(this, NAP_NANOS);
                driving = isWanted();
            }
        } finally {
            doorbell.parked(false);
            napping = null;
        }
    }

    /** Looks after the queue, unless a driver does. @return whether the nap may go on */
    private boolean look() {
        do {
            throwFault();
            if (!baton.tryTake()) {
                break; // a driver is at work, and looks again
            }
            try {
                round.run();
            } finally {
                baton.give();
            }
        } while (workWaits.getAsBoolean());
        return !left && !doorbell.commandsWaiting();
    }
}
