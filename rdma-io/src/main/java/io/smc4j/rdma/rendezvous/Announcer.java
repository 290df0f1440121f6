package io.smc4j.rdma.rendezvous;

import io.smc4j.rdma.shm.SharedNode;
import java.net.InetSocketAddress;

/**
 * A client's hold on the record of a listener: announces one connection at a time.
 *
 * <p>Either {@link #announce} a bound socket and connect it; or {@link #approach}, connect, and {@link #announce} at once, so that
 * the kernel chooses the port, which it does better knowing the target. Then {@link #awaitClaim}. A claim is the listener's word that
 * it accepted the connection and expects CLC messages. Without one, {@link #withdraw}: if that says that no claim was made, none will
 * be, and the connection is plain TCP.
 *
 * <p>What the client would send first on the connection it may leave with its announcement: whoever claims it has it then, and
 * nothing has to be waited for twice.
 *
 * <p>Thread-safe; after {@link #close} nothing can be announced.
 */
public final class Announcer implements AutoCloseable {
    /** Bytes of the longest opening there is room for. */
    public static final int LONGEST_OPENING = AnnouncementTable.LONGEST_OPENING;

    private final SharedNode self;
    private final MappedRecord record;
    private final AnnouncementTable table;
    private boolean closed;
    private AnnouncementTable.Ticket ticket = AnnouncementTable.NONE;
    private ApproachTable.Approach approach = ApproachTable.NONE;

    /** @param record held for this announcer */
    Announcer(SharedNode self, MappedRecord record) {
        this.self = self;
        this.record = record;
        this.table = record.table();
    }

    /**
     * Tells the listener that a connection that it may accept from now on will be announced as soon as its client knows its port. A
     * listener that knows nothing of a connection waits for those who approached before; so be quick to {@link #announce}, or to
     * {@link #withdraw}.
     *
     * @return false if the record has no room: bind the socket and announce it before it connects
     */
    public synchronized boolean approach() {
        withdraw();
        if (!closed) {
            approach = table.approaches().approach((int) self.id(), self.id(), self.directory()::isAlive);
        }
        return approach != ApproachTable.NONE;
    }

    /**
     * Tells the listener that a connection from there will speak SMC. Any earlier announcement is withdrawn, and the approach is over.
     *
     * @param ownLocalAddress what the socket is bound to, as the listener will see it: not the wildcard address. That of a connected
     *     socket after {@link #approach}; else bind it to the target's address and port 0 before, and ask it for its local address
     * @param opening what would be sent first, at most {@link #LONGEST_OPENING} bytes: the listener has it with its claim; empty
     *     if it will be sent on the connection
     * @return false if the record has no room: the listener will not know, so speak plain TCP
     */
    public synchronized boolean announce(InetSocketAddress ownLocalAddress, byte[] opening) {
        if (opening.length > LONGEST_OPENING) {
            throw new IllegalArgumentException("an opening of " + opening.length + " bytes; a record has room for "
                    + LONGEST_OPENING + ": send it on the connection");
        }
        AddressKey key = AddressKey.of(ownLocalAddress);
        if (key.isWildcard() || key.port() == 0) {
            throw new IllegalArgumentException("the listener will not recognise " + ownLocalAddress
                    + ": bind the socket to the target's address and port 0, and announce its local address");
        }
        takeBack();
        if (!closed) {
            ticket = table.announce(key, self.id(), self.directory()::isAlive, opening);
            arrive(); // behind it: who sees this sees the announcement
        }
        return isAnnounced();
    }

    boolean isListenerAlive(long nowNanos) {
        return record.isOpen(self.directory(), nowNanos);
    }

    private boolean isAnnounced() {
        return ticket.announced() != 0;
    }

    /** Whether the listener accepted the connection and expects CLC messages. */
    public synchronized boolean isClaimed() {
        return isAnnounced() && table.isClaimed(ticket);
    }

    /**
     * Sleeps until the announcement is claimed or the time is over. Pins a virtual thread's carrier.
     *
     * @return {@link #isClaimed}
     */
    public boolean awaitClaim(long timeoutNanos) {
        long start = System.nanoTime();
        long left = timeoutNanos;
        while (!isClaimed() && left > 0) {
            AnnouncementTable.Ticket awaited = announced();
            if (awaited == AnnouncementTable.NONE) {
                return false;
            }
            table.awaitClaim(awaited, left);
            left = timeoutNanos - (System.nanoTime() - start);
        }
        return isClaimed();
    }

    private synchronized AnnouncementTable.Ticket announced() {
        return ticket;
    }

    /**
     * Takes the announcement back, and the approach.
     *
     * @return true if the listener had claimed it, and expects CLC messages; false if it had not and never will
     */
    public synchronized boolean withdraw() {
        boolean claimed = takeBack();
        arrive();
        return claimed;
    }

    private boolean takeBack() {
        boolean claimed = isAnnounced() && table.withdraw(ticket);
        ticket = AnnouncementTable.NONE;
        return claimed;
    }

    private void arrive() {
        if (approach != ApproachTable.NONE) {
            table.approaches().arrived(approach);
            approach = ApproachTable.NONE;
        }
    }

    /** Withdraws and lets go of the record. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        withdraw();
        closed = true;
        record.release();
    }
}
