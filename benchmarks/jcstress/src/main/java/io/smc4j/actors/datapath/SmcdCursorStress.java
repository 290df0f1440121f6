package io.smc4j.actors.datapath;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.cdc.SmcdControlArea;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who sees the producer cursor of an SMC-D ring sees the bytes before it. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "cursor not yet seen")
@Outcome(id = "0, 7", expect = ACCEPTABLE, desc = "bytes before the cursor")
@Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "both")
@Outcome(id = "1, 0", expect = FORBIDDEN, desc = "the cursor overtook the bytes")
@State
public class SmcdCursorStress {
    private final MemorySegment dmb = Arena.ofAuto().allocate(64, 8);

    /** The peer's writer. */
    @Actor
    public void write() {
        dmb.set(ValueLayout.JAVA_BYTE, SmcdMemory.HEADER, (byte) 7);
        SmcdMemory.publishProducer(dmb, Cursors.pack(0, 1));
    }

    /** The reader. */
    @Actor
    public void read(II_Result r) {
        r.r1 = Cursors.count(SmcdControlArea.cursor(SmcdMemory.producerGroup(dmb)));
        r.r2 = dmb.get(ValueLayout.JAVA_BYTE, SmcdMemory.HEADER);
    }
}
