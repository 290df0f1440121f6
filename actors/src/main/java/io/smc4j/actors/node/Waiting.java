package io.smc4j.actors.node;

import io.smc4j.actors.datapath.WaitSettings;
import io.smc4j.actors.queue.OwnerSettings;
import io.smc4j.config.IdleSettings;

/** What {@code smc4j.idle} means for application threads and for owners. */
final class Waiting {
    private static final int FOREVER = OwnerSettings.FOREVER;

    /** An application thread sleeps so many times longer than an owner at once: many sleepers must not cost anything. */
    private static final int SLEEPERS = 100;

    private Waiting() {}

    static WaitSettings of(IdleSettings idle) {
        int looksPerYield = WaitSettings.defaults().looksPerYield();
        return switch (idle.strategy()) {
            case SPIN -> new WaitSettings(WaitSettings.NEVER_SLEEP, FOREVER);
            case YIELD -> new WaitSettings(WaitSettings.NEVER_SLEEP, 1);
            case PARK -> new WaitSettings(0, 1);
            case ADAPTIVE -> new WaitSettings(idle.spinTime().toNanos(), looksPerYield);
        };
    }

    static long longestWaitNanos(IdleSettings idle) {
        return SLEEPERS * idle.maxPark().toNanos();
    }

    static OwnerSettings owner(IdleSettings idle) {
        OwnerSettings adaptive = OwnerSettings.defaults();
        return switch (idle.strategy()) {
            case SPIN -> new OwnerSettings(adaptive.batch(), FOREVER, 0, idle.maxPark());
            case YIELD -> new OwnerSettings(adaptive.batch(), 0, FOREVER, idle.maxPark());
            case PARK -> new OwnerSettings(adaptive.batch(), 0, 0, idle.maxPark());
            case ADAPTIVE ->
                new OwnerSettings(adaptive.batch(), adaptive.spinTurns(), adaptive.yieldTurns(), idle.maxPark());
        };
    }
}
