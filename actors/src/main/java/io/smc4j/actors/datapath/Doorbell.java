package io.smc4j.actors.datapath;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Wakes a device's owner that sleeps; costs one volatile read while it does not.
 *
 * <p>No lost wake-up: who brings work first makes it visible by a volatile write, then reads {@code parked}; the owner
 * first sets {@code parked}, then looks for work a last time. Whichever comes first in the total order of volatile accesses, one
 * of the two sees the other.
 */
public final class Doorbell {
    private final Runnable wakeUp;
    private final AtomicInteger commands = new AtomicInteger();
    private volatile boolean parked;

    /** @param wakeUp ends the device's current or next await; called by any thread */
    public Doorbell(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** To be called after work was made visible by a volatile write or stronger. Any thread. */
    public void wake() {
        if (parked) {
            try {
                wakeUp.run();
            } catch (IllegalStateException e) {
                // The device was closed between the two lines: its owner has stopped, and nobody is left to be woken.
            }
        }
    }

    /** Whether the owner sleeps, or is about to. Any thread. */
    boolean isParked() {
        return parked;
    }

    /** A command is about to be put into the owner's mailbox. Any thread. */
    public void commandComing() {
        commands.incrementAndGet();
    }

    /** A command was taken from the mailbox. Owner. */
    public void commandTaken() {
        commands.decrementAndGet();
    }

    /** Whether commands are in the mailbox, or about to be. Owner. */
    public boolean commandsWaiting() {
        return commands.get() > 0;
    }

    /** Says that the owner is about to sleep (before its last look for work), or is awake again. Owner. */
    public void parked(boolean sleeping) {
        parked = sleeping;
    }
}
