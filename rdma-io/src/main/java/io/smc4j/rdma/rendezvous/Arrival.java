package io.smc4j.rdma.rendezvous;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a listener finds out of a connection that it accepted: whether its client has announced it. Mostly known at once; where a
 * client approached that has not announced its connection yet, it may be this one, so {@link #look} again, for a while.
 *
 * <p>A client needs some microseconds between connecting and announcing. One that was stopped there, or died, is waited for once.
 *
 * <p>For one thread at a time.
 */
public final class Arrival {
    /** Somebody who lives is back within that. */
    private static final long SHORTLY_NANOS = 100_000;

    private final Announcements announcements;
    private final AddressKey client;
    private byte @Nullable [] opening;

    /** Whom to wait for. */
    private int @Nullable [] approaching;

    Arrival(Announcements announcements, AddressKey client) {
        this.announcements = announcements;
        this.client = client;
        opening = announcements.claim(client);
        if (opening != null) {
            return;
        }
        approaching = announcements.approaching();
        if (approaching == null) {
            opening = announcements.claim(client); // who approached has announced itself meanwhile
            return;
        }
        long start = System.nanoTime();
        while (!look() && System.nanoTime() - start < SHORTLY_NANOS) {
            Thread.yield(); // whom this thread took the processor from when it was woken by the connection
        }
    }

    /**
     * Looks again.
     *
     * @return whether it is known
     * @throws IllegalStateException if the record is closed
     */
    public boolean look() {
        int[] awaited = approaching;
        if (awaited != null) {
            boolean left = announcements.isAnyLeft(awaited); // before: who arrived in between is found
            opening = announcements.claim(client);
            if (opening != null || !left) {
                approaching = null;
            }
        }
        return isKnown();
    }

    /** Whether waiting has an end. */
    public boolean isKnown() {
        return approaching == null;
    }

    /** Waits no longer: it is not announced. Whom it waited for no arrival waits for again. */
    public void giveUp() {
        int[] awaited = approaching;
        if (awaited != null) {
            announcements.giveUp(awaited);
            approaching = null;
        }
    }

    /**
     * Present if the client has announced the connection and so speaks SMC: what it left there to be taken for the first bytes of
     * the connection, written by another process and not checked; of no length if it left nothing, and will send it.
     */
    public Optional<byte[]> announcement() {
        return Optional.ofNullable(opening);
    }
}
