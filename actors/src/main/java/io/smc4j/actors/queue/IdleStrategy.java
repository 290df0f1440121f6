package io.smc4j.actors.queue;

/** What an owner does when turns bring no work: spin, then yield, then sleep. One thread. */
final class IdleStrategy {
    private final int spinTurns;
    private final int yieldTurns;
    private final Runnable sleep;
    private int idleTurns;

    IdleStrategy(OwnerSettings settings, Runnable sleep) {
        spinTurns = settings.spinTurns();
        yieldTurns = settings.yieldTurns();
        this.sleep = sleep;
    }

    /** After a turn. @param work what it did */
    void after(int work) {
        if (work > 0) {
            idleTurns = 0;
        } else if (++idleTurns <= spinTurns) {
            Thread.onSpinWait();
        } else if (idleTurns <= spinTurns + yieldTurns) {
            Thread.yield();
        } else {
            sleep.run();
        }
    }

    void reset() {
        idleTurns = 0;
    }
}
