package io.smc4j.actors.datapath;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.cdc.SmcdControlArea;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A writer says that it waits and looks at the cursor; a reader sets the cursor and looks whether somebody waits. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE)
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "the writer sees the space itself")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the reader wakes it")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "a writer that waits and is not woken")
@State
public class WriteBlockedStress {
    private final MemorySegment readers = Arena.ofAuto().allocate(64, 8);
    private final MemorySegment writers = Arena.ofAuto().allocate(64, 8);

    /** Writes into the reader's DMB, looks into its own. */
    @Actor
    public void writer(ZZ_Result r) {
        boolean _ = SmcdMemory.changeFlags(readers, CdcFlags.WRITE_BLOCKED, 0, 0);
        r.r1 = Cursors.count(SmcdControlArea.cursor(SmcdMemory.consumerGroup(writers))) != 0;
    }

    /** The other way round. */
    @Actor
    public void reader(ZZ_Result r) {
        boolean _ = SmcdMemory.publishConsumer(writers, Cursors.pack(0, 1));
        r.r2 = SmcdControlArea.producerFlags(SmcdMemory.consumerGroup(readers)) != 0;
    }
}
