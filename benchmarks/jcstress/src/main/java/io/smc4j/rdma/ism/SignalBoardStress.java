package io.smc4j.rdma.ism;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.Arena;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A peer marks slots of one word while the owner takes them: each mark is taken exactly once. */
@JCStressTest
@Outcome(id = "2", expect = ACCEPTABLE)
@Outcome(expect = FORBIDDEN, desc = "a mark lost, or taken twice")
@State
public class SignalBoardStress {
    private final SignalBoard board = SignalBoard.create(Arena.ofAuto().allocate(SignalBoard.BYTES, 64));
    private final int[] slots = new int[2];
    private int taken;

    /** A peer. */
    @Actor
    public void mark() {
        board.mark(SignalBoard.Kind.SIGNALLED, 3);
        board.mark(SignalBoard.Kind.SIGNALLED, 5);
    }

    /** The owner. */
    @Actor
    public void take() {
        taken += board.take(SignalBoard.Kind.SIGNALLED, slots);
    }

    /** The owner's next turn. */
    @Arbiter
    public void takeRest(I_Result r) {
        r.r1 = taken + board.take(SignalBoard.Kind.SIGNALLED, slots);
    }
}
