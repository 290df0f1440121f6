package io.smc4j.actors.datapath;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A thread marks an endpoint dirty, twice, while the owner polls: the owner sees all the work, in a poll during or after. */
@JCStressTest
@Outcome(id = "2", expect = ACCEPTABLE)
@Outcome(expect = FORBIDDEN, desc = "work that no poll sees")
@State
public class DirtySetStress {
    private static final EndpointListener NOBODY = new EndpointListener() {
        @Override
        public void peerStateFlags(int stateFlags) {}

        @Override
        public void drained() {}

        @Override
        public void violation(String what) {}
    };

    private final DirtySet set = new DirtySet(new Doorbell(() -> {}), Driver.NONE);
    private final SmcrEndpoint endpoint = new SmcrEndpoint(
            1,
            new SendBuffer(MemorySegment.ofArray(new byte[16])),
            MemorySegment.ofArray(new byte[16]),
            NOBODY,
            WaitSettings.defaults());
    private volatile int one;
    private volatile int other;
    private int seen;

    /** Work of an application thread. */
    @Actor
    public void write() {
        one = 1;
        set.add(endpoint);
        other = 1;
        set.add(endpoint);
    }

    /** The owner. */
    @Actor
    public void poll() {
        look(set.poll());
    }

    private void look(@Nullable SmcrEndpoint polled) {
        if (polled != null) {
            seen = one + other;
        }
    }

    /** The owner's next turns. */
    @Arbiter
    public void drain(I_Result r) {
        look(set.poll());
        look(set.poll());
        r.r1 = seen;
    }
}
