package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.Doorbell;
import io.smc4j.actors.datapath.Yielding;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * How an owner uses its actor's turns: some rounds of work each, so that telling itself to go on costs little per round; fewer
 * if a command waits. With no work it spins, then yields, then sleeps; while application threads do the work, it naps. One thread.
 */
final class TurnStrategy {
    /** Rounds of work in a turn; a round is bounded by the batch size. */
    private static final int ROUNDS = 32;

    private final int spinRounds;
    private final int yieldRounds;
    private final boolean sleeps;
    private final IntSupplier work;
    private final Runnable sleep;
    private final Doorbell doorbell;
    private final BooleanSupplier lent;
    private final Runnable giveWay;
    private final Yielding yielding = new Yielding();
    private int idleRounds;

    /**
     * @param work does a round; returns 0 if there was nothing to do
     * @param sleep sleeps until there may be something to do
     * @param lent whether application threads do the work; asked once per round
     * @param giveWay leaves it to them until they stop
     */
    TurnStrategy(
            OwnerSettings settings,
            IntSupplier work,
            Runnable sleep,
            Doorbell doorbell,
            BooleanSupplier lent,
            Runnable giveWay) {
        spinRounds = settings.spinTurns();
        yieldRounds = settings.yieldTurns();
        sleeps = settings.sleeps();
        this.work = work;
        this.sleep = sleep;
        this.doorbell = doorbell;
        this.lent = lent;
        this.giveWay = giveWay;
    }

    /** For an owner that lends nothing. */
    TurnStrategy(OwnerSettings settings, IntSupplier work, Runnable sleep, Doorbell doorbell) {
        this(settings, work, sleep, doorbell, () -> false, () -> {});
    }

    /** One turn of the actor. */
    void turn() {
        for (int i = 0; i < ROUNDS && !doorbell.commandsWaiting(); i++) {
            if (lent.getAsBoolean()) {
                giveWay.run();
                return;
            }
            if (work.getAsInt() > 0) {
                idleRounds = 0;
            } else if (!sleeps) {
                stayAwake();
            } else if (++idleRounds <= spinRounds) {
                Thread.onSpinWait();
            } else if (idleRounds > spinRounds + yieldRounds || yielding.wasLong()) {
                sleep.run();
                return;
            }
        }
    }

    private void stayAwake() {
        if (yieldRounds > 0) {
            Yielding.pause();
        } else {
            Thread.onSpinWait();
        }
    }
}
