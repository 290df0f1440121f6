package io.smc4j.rdma.rendezvous;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.Arena;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A client approaches, connects, announces its connection; a listener that has accepted it looks for the announcement. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "not accepted yet")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "the listener found the announcement")
@Outcome(id = "2", expect = FORBIDDEN, desc = "it took the connection of a client that announced it for plain TCP")
@State
public class ApproachStress {
    private static final AddressKey CLIENT = new AddressKey(1, 2, 3);
    private static final long NODE = 77;

    private final Arena arena = Arena.ofShared();
    private final AnnouncementTable table = new AnnouncementTable(arena.allocate(AnnouncementTable.BYTES, 64));
    private final Announcements announcements = new Announcements(table, node -> true);

    private volatile boolean connected;

    /** The client. */
    @Actor
    public void client() {
        ApproachTable.Approach approach = table.approaches().approach(5, NODE, node -> true);
        connected = true;
        table.announce(CLIENT, NODE, node -> true, new byte[8]);
        table.approaches().arrived(approach);
    }

    /** The listener. */
    @Actor
    public void listener(I_Result r) {
        if (!connected) {
            return;
        }
        Arrival arrival = new Arrival(announcements, CLIENT);
        while (!arrival.look()) {
            Thread.onSpinWait();
        }
        r.r1 = arrival.announcement().isPresent() ? 1 : 2;
    }

    /** The memory is too much to wait for the garbage collector. */
    @Arbiter
    public void free(I_Result r) {
        arena.close();
    }
}
