package io.smc4j.rdma.rendezvous;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A client announces a connection and takes that back; a listener claims it. Both must agree on whether it was claimed. */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "taken back before it was claimed")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "claimed, with all of what the client left there")
@Outcome(expect = FORBIDDEN, desc = "one end would speak SMC and the other TCP, or what was left is not what was read")
@State
public class AnnouncementStress {
    private static final AddressKey CLIENT = new AddressKey(1, 2, 3);
    private static final byte[] OPENING = new byte[100];

    static {
        Arrays.fill(OPENING, (byte) 9);
    }

    private final Arena arena = Arena.ofShared();
    private final AnnouncementTable table = new AnnouncementTable(arena.allocate(AnnouncementTable.BYTES, 64));

    /** The client. */
    @Actor
    public void client(II_Result r) {
        r.r1 = table.withdraw(table.announce(CLIENT, 77, node -> true, OPENING)) ? 1 : 0;
    }

    /** The listener. */
    @Actor
    public void listener(II_Result r) {
        byte[] opening = table.claim(CLIENT, node -> node == 77);
        r.r2 = opening == null ? 0 : Arrays.equals(opening, OPENING) ? 1 : 2;
    }

    /** The memory is too much to wait for the garbage collector. */
    @Arbiter
    public void free(II_Result r) {
        arena.close();
    }
}
