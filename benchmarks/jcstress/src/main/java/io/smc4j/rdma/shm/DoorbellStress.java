package io.smc4j.rdma.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A device's owner arms its doorbell and looks for work; a peer publishes work and rings. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE)
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the owner sees the work")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the futex word changed")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "a lost wake-up")
@State
public class DoorbellStress {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory = Arena.ofAuto().allocate(Doorbell.BYTES + 64, 64);
    private final Doorbell doorbell = new Doorbell(memory);
    private final WaitWord rings = new WaitWord(memory);

    /** About to sleep. */
    @Actor
    public void owner(ZZ_Result r) {
        doorbell.arm();
        r.r1 = (long) LONG.getVolatile(memory, Doorbell.BYTES) != 0;
    }

    /** A peer. */
    @Actor
    public void peer() {
        LONG.setRelease(memory, Doorbell.BYTES, 1L);
        doorbell.ring();
    }

    /** The word that the owner would sleep on is no longer what it noted. */
    @Arbiter
    public void rang(ZZ_Result r) {
        r.r2 = rings.value() != 0;
    }
}
