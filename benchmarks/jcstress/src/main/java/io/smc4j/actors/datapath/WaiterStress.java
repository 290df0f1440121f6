package io.smc4j.actors.datapath;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A callback is registered and the condition looked at; who makes it true publishes and looks for callbacks. */
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "called back, by whichever of the two")
@Outcome(id = "false", expect = FORBIDDEN, desc = "a lost wake-up")
@State
public class WaiterStress {
    private final Waiter waiter = new Waiter();
    private volatile boolean ready;
    private volatile boolean called;

    /** Whoever waits. */
    @Actor
    public void register() {
        waiter.register(() -> called = true, () -> ready, () -> {});
    }

    /** Whoever makes it true. */
    @Actor
    public void publish() {
        ready = true;
        waiter.wake();
    }

    /** Afterwards. */
    @Arbiter
    public void wasCalled(Z_Result r) {
        r.r1 = called;
    }
}
