package io.smc4j.rdma.ism;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A reader asks for a signal and looks at the data; a writer publishes data and looks whether somebody asked. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE)
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the reader sees the data")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the writer signals")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "a sleeper that nobody wakes")
@State
public class InterestStress {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment page = Arena.ofAuto().allocate(DmbControl.BYTES + 64, 8);
    private final DmbControl control = DmbControl.of(page);

    /** About to sleep. */
    @Actor
    public void reader(ZZ_Result r) {
        control.want(DmbControl.THREAD);
        r.r1 = (long) LONG.getVolatile(page, DmbControl.BYTES) != 0;
    }

    /** Publishes as SMC-D does: with a release store. */
    @Actor
    public void writer(ZZ_Result r) {
        LONG.setRelease(page, DmbControl.BYTES, 1L);
        r.r2 = control.interest() != 0;
    }
}
