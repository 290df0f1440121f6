package io.smc4j.actors.datapath;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.smc4j.SmcException;
import io.smc4j.protocol.cdc.CdcFlags;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A thread leaves while state flags are wanted: exactly one of the two publishes them, and never while it is inside. */
@JCStressTest
@Outcome(
        id = {"64, 0", "0, 64"},
        expect = ACCEPTABLE)
@Outcome(expect = FORBIDDEN, desc = "flags lost, or published twice")
@State
public class GatesStress {
    private final Gates gates = new Gates();

    /** A writing thread. */
    @Actor
    public void write(II_Result r) {
        try {
            if (gates.enter(Gates.WRITE)) {
                r.r1 = gates.leave(Gates.WRITE);
            }
        } catch (SmcException e) {
            r.r1 = -1; // it is the only one
        }
    }

    /** The connection's actor. */
    @Actor
    public void close(II_Result r) {
        r.r2 = gates.want(CdcFlags.CLOSED, true);
    }
}
