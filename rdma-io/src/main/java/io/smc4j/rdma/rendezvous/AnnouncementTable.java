package io.smc4j.rdma.rendezvous;

import io.smc4j.rdma.shm.Futex;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a listener's record.
 *
 * <pre>
 *    0  long  magic and version, stored last
 *    8  long  first half of the listener's address
 *   16  long  second half
 *   24  int   port
 *   64  1024 slots of 64 bytes:
 *         0  int   word: generation &lt;&lt; 2 | state; also the futex of the client
 *         4  int   port of the client
 *         8  long  first half of the client's address
 *        16  long  second half
 *        24  long  node id of the client
 * 65600 1024 openings of 512 bytes, one for each slot:
 *         0  int   how many bytes follow
 *         4        what the client would send first on the connection, if it is no longer than 508 bytes
 * 589888 who approaches: {@link ApproachTable}
 * </pre>
 *
 * <pre>
 *   FREE --client--> WRITING --client--> ANNOUNCED --server--> CLAIMED --client--> FREE
 *     ^                                      |                    |
 *     +----- client withdraws, or another finds it dead ---------+
 * </pre>
 *
 * <p>Every transition is a compare-and-set of the word, whose generation grows with each announcement: so nobody can mistake a
 * slot for what it was before, and who reads a slot and then moves it knows that what it read was consistent. Both ends look at
 * the 16 slots from a hash of the client's address only. A client that is killed while it writes (some nanoseconds) leaves a
 * slot that is lost until the listener closes; taking it over could mix two clients' addresses.
 */
final class AnnouncementTable {
    private static final long SLOTS_BYTES = 64 + 1024 * 64 + 1024 * 512;
    static final long BYTES = SLOTS_BYTES + ApproachTable.BYTES;

    /** Bytes of the longest opening that a slot has room for. */
    static final int LONGEST_OPENING = 508;

    private static final long MAGIC = 0x534D_4334_4A4C_0003L;
    private static final int SLOTS = 1024;
    private static final long FIRST_SLOT = 64;
    private static final long SLOT = 64;
    private static final long FIRST_OPENING = FIRST_SLOT + SLOTS * SLOT;
    private static final long OPENING = 512;
    private static final int WINDOW = 16;
    private static final int FREE = 0;
    private static final int WRITING = 1;
    private static final int ANNOUNCED = 2;
    private static final int CLAIMED = 3;
    private static final int STATE = 3;
    private static final int GENERATION = 4;
    private static final byte[] NO_OPENING = {};
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;
    private final ApproachTable approaches;

    AnnouncementTable(MemorySegment memory) {
        this.memory = memory;
        this.approaches = new ApproachTable(memory.asSlice(SLOTS_BYTES, ApproachTable.BYTES));
    }

    ApproachTable approaches() {
        return approaches;
    }

    /** The listener's, in zeroed memory. */
    void initialize(AddressKey local) {
        LONG.set(memory, 8L, local.high());
        LONG.set(memory, 16L, local.low());
        INT.set(memory, 24L, local.port());
        LONG.setRelease(memory, 0L, MAGIC);
    }

    /** Whether it is the finished record of a listener of this version. */
    boolean isPublished() {
        return (long) LONG.getAcquire(memory, 0L) == MAGIC;
    }

    AddressKey local() {
        return new AddressKey(
                (long) LONG.get(memory, 8L), (long) LONG.get(memory, 16L), (int) INT.get(memory, 24L) & 0xFFFF);
    }

    private static long slot(AddressKey client, int i) {
        return FIRST_SLOT + SLOT * ((client.spread() + i) & (SLOTS - 1));
    }

    private static long opening(long slot) {
        return FIRST_OPENING + (slot - FIRST_SLOT) / SLOT * OPENING;
    }

    private int word(long slot) {
        return (int) INT.getVolatile(memory, slot);
    }

    private boolean move(long slot, int from, int to) {
        return INT.compareAndSet(memory, slot, from, to);
    }

    /** What a client holds while it is announced. */
    record Ticket(long slot, int announced) {
        int claimed() {
            return (announced & ~STATE) | CLAIMED;
        }

        int free() {
            return announced & ~STATE;
        }
    }

    /** A slot that was refused: there is none left for this address. */
    static final Ticket NONE = new Ticket(0, 0);

    /**
     * Takes a slot for a client.
     *
     * @param isAlive tells of a node id whether its client runs: slots of dead ones are taken over when there is no free one
     * @param opening what it would send first, for {@link #claim}; empty if it will send that itself
     * @return {@link #NONE} if all slots for this address are taken
     */
    Ticket announce(AddressKey client, long node, LongPredicate isAlive, byte[] opening) {
        for (int i = 0; i < WINDOW; i++) {
            long slot = slot(client, i);
            int word = word(slot);
            if ((word & STATE) == FREE && move(slot, word, (word & ~STATE) + GENERATION + WRITING)) {
                return write(slot, (word & ~STATE) + GENERATION, client, node, opening);
            }
        }
        for (int i = 0; i < WINDOW; i++) {
            long slot = slot(client, i);
            int word = word(slot);
            boolean settled = (word & STATE) == ANNOUNCED || (word & STATE) == CLAIMED;
            if (settled
                    && !isAlive.test((long) LONG.getAcquire(memory, slot + 24))
                    && move(slot, word, (word & ~STATE) + GENERATION + WRITING)) {
                return write(slot, (word & ~STATE) + GENERATION, client, node, opening);
            }
        }
        return NONE;
    }

    private Ticket write(long slot, int generation, AddressKey client, long node, byte[] opening) {
        long at = opening(slot);
        INT.set(memory, at, opening.length);
        MemorySegment.copy(opening, 0, memory, ValueLayout.JAVA_BYTE, at + Integer.BYTES, opening.length);
        INT.set(memory, slot + 4, client.port());
        LONG.set(memory, slot + 8, client.high());
        LONG.set(memory, slot + 16, client.low());
        LONG.set(memory, slot + 24, node);
        return move(slot, generation + WRITING, generation + ANNOUNCED)
                ? new Ticket(slot, generation + ANNOUNCED)
                : NONE;
    }

    boolean isClaimed(Ticket ticket) {
        return word(ticket.slot()) == ticket.claimed();
    }

    /** Sleeps until the announcement was claimed, or the time is over; may return early. */
    void awaitClaim(Ticket ticket, long timeoutNanos) {
        Futex.await(memory.address() + ticket.slot(), ticket.announced(), timeoutNanos);
    }

    /**
     * Frees the slot.
     *
     * @return whether the announcement was claimed; if not, it never will be
     */
    boolean withdraw(Ticket ticket) {
        if (move(ticket.slot(), ticket.announced(), ticket.free())) {
            return false;
        }
        return move(ticket.slot(), ticket.claimed(), ticket.free());
    }

    /**
     * Takes an announcement, for the server.
     *
     * @return the client's opening, once, if a living one announced that address; else null
     */
    byte @Nullable [] claim(AddressKey client, LongPredicate isAlive) {
        for (int i = 0; i < WINDOW; i++) {
            long slot = slot(client, i);
            int word = word(slot);
            if ((word & STATE) == ANNOUNCED
                    && (int) INT.getAcquire(memory, slot + 4) == client.port()
                    && (long) LONG.getAcquire(memory, slot + 8) == client.high()
                    && (long) LONG.getAcquire(memory, slot + 16) == client.low()
                    && isAlive.test((long) LONG.getAcquire(memory, slot + 24))) {
                byte[] opening = readOpening(slot);
                if (move(slot, word, (word & ~STATE) | CLAIMED)) {
                    Futex.wake(memory.address() + slot, 1);
                    return opening;
                }
            }
        }
        return null;
    }

    /** Another process wrote it: a length that cannot be is none. */
    private byte[] readOpening(long slot) {
        long at = opening(slot);
        int length = (int) INT.getAcquire(memory, at);
        return length <= 0 || length > LONGEST_OPENING
                ? NO_OPENING
                : memory.asSlice(at + Integer.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    }
}
