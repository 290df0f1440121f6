package io.smc4j.actors.datapath;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.cdc.SmcdControlArea;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Reader, writer and connection change one group of a control area, each its part: none undoes another's. */
@JCStressTest
@Outcome(id = "1, 128, 64", expect = ACCEPTABLE)
@Outcome(expect = FORBIDDEN, desc = "a lost update")
@State
public class GroupStress {
    private final MemorySegment dmb = Arena.ofAuto().allocate(64, 8);

    /** The reader's cursor. */
    @Actor
    public void reader() {
        boolean _ = SmcdMemory.publishConsumer(dmb, Cursors.pack(0, 1));
    }

    /** The writer's flag, then the connection's: two threads in truth, but jcstress needs a core for each. */
    @Actor
    public void writer() {
        boolean _ = SmcdMemory.changeFlags(dmb, CdcFlags.WRITE_BLOCKED, 0, 0);
        boolean _ = SmcdMemory.changeFlags(dmb, 0, 0, CdcFlags.CLOSED);
    }

    /** What is left. */
    @Arbiter
    public void all(III_Result r) {
        long group = SmcdMemory.consumerGroup(dmb);
        r.r1 = Cursors.count(SmcdControlArea.cursor(group));
        r.r2 = SmcdControlArea.producerFlags(group);
        r.r3 = SmcdControlArea.stateFlags(group);
    }
}
