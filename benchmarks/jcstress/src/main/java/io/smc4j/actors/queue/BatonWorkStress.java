package io.smc4j.actors.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A holder lies down and looks for work a last time; who brings work relies on a holder that it finds at work, else rings. */
@JCStressTest
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "rings, and the holder sees the work anyway")
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "rings: the holder is asleep")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "relies on the holder, which sees the work")
@Outcome(id = "true, false", expect = FORBIDDEN, desc = "relies on a holder that sleeps: lost work")
@State
public class BatonWorkStress {
    private final Baton baton = new Baton();
    private volatile boolean work;

    /** The owner has it. */
    public BatonWorkStress() {
        baton.take();
    }

    /** An application thread. */
    @Actor
    public void bring(ZZ_Result r) {
        work = true;
        r.r1 = baton.isAtWork();
    }

    /** The owner. */
    @Actor
    public void lieDown(ZZ_Result r) {
        baton.lieDown();
        r.r2 = work;
    }
}
