package io.smc4j.actors.datapath;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** An owner says that it parks and looks for work; who brings work reads whether it is parked. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE)
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the owner sees the work")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the owner is woken")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "a lost wake-up")
@State
public class OwnerDoorbellStress {
    private volatile boolean work;
    private volatile boolean woken;
    private final Doorbell doorbell = new Doorbell(() -> woken = true);

    /** Any thread. */
    @Actor
    public void bring() {
        work = true;
        doorbell.wake();
    }

    /** The owner. */
    @Actor
    public void park(ZZ_Result r) {
        doorbell.parked(true);
        r.r1 = work;
    }

    /** Afterwards. */
    @Arbiter
    public void wasWoken(ZZ_Result r) {
        r.r2 = woken;
    }
}
