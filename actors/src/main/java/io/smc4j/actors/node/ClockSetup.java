package io.smc4j.actors.node;

import java.util.function.LongSupplier;
import org.apache.pekko.actor.setup.Setup;

/**
 * Gives the SMC node of an actor system its clock. Timers of actors are the actor system's: a clock that does not run as
 * {@link System#nanoTime} needs a scheduler that follows it ({@code pekko.scheduler.implementation}).
 */
public final class ClockSetup extends Setup {
    private final LongSupplier clock;

    /** @param clock monotonic nanoseconds; any thread may ask */
    public ClockSetup(LongSupplier clock) {
        this.clock = clock;
    }

    public LongSupplier clock() {
        return clock;
    }
}
