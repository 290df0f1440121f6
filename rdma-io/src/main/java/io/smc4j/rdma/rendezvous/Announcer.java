package io.smc4j.rdma.rendezvous;

import io.smc4j.rdma.shm.SharedNode;
import java.net.InetSocketAddress;

/**
 * A client's hold on the record of a listener: announces one connection at a time.
 *
 * <p>After {@link #announce} connect, then {@link #awaitClaim}. A claim is the listener's word that it accepted the connection
 * and expects CLC messages. Without one, {@link #withdraw}: if that says that no claim was made, none will be, and the
 * connection is plain TCP.
 *
 * <p>What the client would send first on the connection it may leave with its announcement: whoever claims it has it then, and
 * nothing has to be waited for twice.
 *
 * <p>For one thread at a time.
 */
public final class Announcer implements AutoCloseable {
    /** Bytes of the longest opening there is room for. */
    public static final int LONGEST_OPENING = AnnouncementTable.LONGEST_OPENING;

    private final SharedNode self;
    private final MappedRecord record;
    private final AnnouncementTable table;
    private boolean closed;
    private AnnouncementTable.Ticket ticket = AnnouncementTable.NONE;

    /** @param record held for this announcer */
    Announcer(SharedNode self, MappedRecord record) {
        this.self = self;
        this.record = record;
        this.table = record.table();
    }

    /**
     * Tells the listener that a connection from there will speak SMC. Any earlier announcement is withdrawn.
     *
     * @param ownLocalAddress what the socket is bound to, as the listener will see it: not the wildcard address. Bind the socket
     *     to the target's address and port 0 before, and ask it for its local address
     * @param opening what would be sent first, at most {@link #LONGEST_OPENING} bytes: the listener has it with its claim; empty
     *     if it will be sent on the connection
     * @return false if the record has no room: the listener will not know, so speak plain TCP
     */
    public boolean announce(InetSocketAddress ownLocalAddress, byte[] opening) {
        if (opening.length > LONGEST_OPENING) {
            throw new IllegalArgumentException("an opening of " + opening.length + " bytes; a record has room for "
                    + LONGEST_OPENING + ": send it on the connection");
        }
        AddressKey key = AddressKey.of(ownLocalAddress);
        if (key.isWildcard() || key.port() == 0) {
            throw new IllegalArgumentException("the listener will not recognise " + ownLocalAddress
                    + ": bind the socket to the target's address and port 0, and announce its local address");
        }
        withdraw();
        ticket = table.announce(key, self.id(), self.directory()::isAlive, opening);
        return isAnnounced();
    }

    boolean isListenerAlive(long nowNanos) {
        return record.isOpen(self.directory(), nowNanos);
    }

    private boolean isAnnounced() {
        return ticket.announced() != 0;
    }

    /** Whether the listener accepted the connection and expects CLC messages. */
    public boolean isClaimed() {
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
        while (isAnnounced() && !isClaimed() && left > 0) {
            table.awaitClaim(ticket, left);
            left = timeoutNanos - (System.nanoTime() - start);
        }
        return isClaimed();
    }

    /**
     * Takes the announcement back.
     *
     * @return true if the listener had claimed it, and expects CLC messages; false if it had not and never will
     */
    public boolean withdraw() {
        boolean claimed = isAnnounced() && table.withdraw(ticket);
        ticket = AnnouncementTable.NONE;
        return claimed;
    }

    /** Withdraws and lets go of the record. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        withdraw();
        record.release();
    }
}
