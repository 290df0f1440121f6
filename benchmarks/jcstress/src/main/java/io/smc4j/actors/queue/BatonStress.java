package io.smc4j.actors.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Two threads try to take the baton and work at something plain: never both at once, and each sees what the last holder did. */
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "as many works as takes")
@Outcome(id = "false", expect = FORBIDDEN, desc = "two held it at once, or one did not see the other's work")
@State
public class BatonStress {
    private final Baton baton = new Baton();
    private int worked;
    private int first;
    private int second;

    private int attempt() {
        if (!baton.tryTake()) {
            return 0;
        }
        worked++;
        baton.give();
        return 1;
    }

    /** An application thread. */
    @Actor
    public void one() {
        first = attempt();
    }

    /** Another, or the owner. */
    @Actor
    public void other() {
        second = attempt();
    }

    /** Afterwards. */
    @Arbiter
    public void count(Z_Result r) {
        r.r1 = worked == first + second;
    }
}
