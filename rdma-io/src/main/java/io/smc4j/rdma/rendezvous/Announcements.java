package io.smc4j.rdma.rendezvous;

import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A listener's sight of its record: who announced a connection, who is about to. Thread-safe. */
final class Announcements {
    private final AnnouncementTable table;
    private final LongPredicate isAlive;

    /** Approaches, by slot, that were waited for in vain. */
    private final int[] inVain = new int[ApproachTable.SLOTS];

    /** @param isAlive tells of a node id whether its client runs */
    Announcements(AnnouncementTable table, LongPredicate isAlive) {
        this.table = table;
        this.isAlive = isAlive;
    }

    /** As {@link AnnouncementTable#claim}. */
    byte @Nullable [] claim(AddressKey client) {
        return table.claim(client, isAlive);
    }

    /** Who approaches now and is worth waiting for; null if there is nobody. */
    int @Nullable [] approaching() {
        synchronized (inVain) {
            return table.approaches().approaching(inVain);
        }
    }

    /** Whether one of these still approaches. */
    boolean isAnyLeft(int[] approaching) {
        return table.approaches().isAnyLeft(approaching);
    }

    /** Nobody waits for these again. */
    void giveUp(int[] approaching) {
        synchronized (inVain) {
            for (int slot = 0; slot < inVain.length; slot++) {
                inVain[slot] = approaching[slot] == 0 ? inVain[slot] : approaching[slot];
            }
        }
    }
}
