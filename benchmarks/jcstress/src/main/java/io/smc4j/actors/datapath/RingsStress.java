package io.smc4j.actors.datapath;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** SMC-R's rings between an application thread and the owner: positions never overtake bytes, in either direction. */
@JCStressTest
@Outcome(id = "0, 0, 0, 0", expect = ACCEPTABLE)
@Outcome(id = "1, 5, 0, 0", expect = ACCEPTABLE)
@Outcome(id = "0, 0, 1, 6", expect = ACCEPTABLE)
@Outcome(id = "1, 5, 1, 6", expect = ACCEPTABLE)
@Outcome(expect = FORBIDDEN, desc = "a position without its bytes")
@State
public class RingsStress {
    private static final MemorySegment FIVE = MemorySegment.ofArray(new byte[] {5});

    private final MemorySegment received = Arena.ofAuto().allocate(8);
    private final SendRing sending = new SendRing(new SendBuffer(Arena.ofAuto().allocate(8)));
    private final ReceiveRing receiving = new ReceiveRing(received);
    private final MemorySegment target = Arena.ofAuto().allocate(1);

    /** An application thread writes and reads. */
    @Actor
    public void application(IIII_Result r) {
        int _ = sending.write(FIVE, 0, 1);
        r.r3 = receiving.read(target, 0, 1);
        r.r4 = target.get(ValueLayout.JAVA_BYTE, 0);
    }

    /** The owner sees what was written, and announces what arrived. */
    @Actor
    public void owner(IIII_Result r) {
        received.set(ValueLayout.JAVA_BYTE, 0, (byte) 6);
        receiving.receive(1);
        r.r1 = (int) sending.prepared();
        r.r2 = r.r1 == 0 ? 0 : sending.memory().get(ValueLayout.JAVA_BYTE, 0);
    }
}
