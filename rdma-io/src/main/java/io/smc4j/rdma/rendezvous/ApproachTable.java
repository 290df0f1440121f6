package io.smc4j.rdma.rendezvous;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The part of a listener's record that says that somebody is going to announce himself: a client learns its own port by connecting,
 * so the listener may see the connection a moment before its announcement.
 *
 * <pre>
 *   0  128 slots of 16 bytes:
 *      0  int   word: count &lt;&lt; 1 | 1 while a client approaches
 *      8  long  node id of the client
 * </pre>
 *
 * <p>A client takes a slot, connects, announces its connection and gives the slot back, in this order. So a server that finds no
 * announcement for a connection and after that nobody who approached before it looked, and still no announcement, will never find
 * one. A slot is never taken for what it was before: the count grows each time it is taken. (Only where all are taken, and dead
 * clients' slots are taken over, two may believe to have the same one. The first is not waited for then, which matters to nobody but
 * a server that looks within these microseconds: it takes the connection for plain TCP.)
 */
final class ApproachTable {
    static final int SLOTS = 128;
    private static final int SLOT = 16;
    static final long BYTES = (long) SLOTS * SLOT;

    /** No slot. */
    static final Approach NONE = new Approach(0, 0);

    private static final int TAKEN = 1;
    private static final int COUNT = 2;
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;

    /** What a client holds while it approaches. @param word never 0 */
    record Approach(int slot, int word) {}

    /** @param memory {@link #BYTES} of a listener's record */
    ApproachTable(MemorySegment memory) {
        this.memory = memory;
    }

    private int word(int slot) {
        return (int) INT.getVolatile(memory, (long) slot * SLOT);
    }

    private boolean move(int slot, int from, int to) {
        return INT.compareAndSet(memory, (long) slot * SLOT, from, to);
    }

    /**
     * Takes a slot for a client.
     *
     * @param first where to look first: clients that begin at different places do not meet
     * @param isAlive tells of a node id whether its client runs: slots of dead ones are taken over when there is no free one
     * @return {@link #NONE} if all are taken
     */
    Approach approach(int first, long node, LongPredicate isAlive) {
        for (int i = 0; i < SLOTS; i++) {
            int slot = (first + i) & (SLOTS - 1);
            int word = word(slot);
            if ((word & TAKEN) == 0 && move(slot, word, word + COUNT + TAKEN)) {
                return take(slot, word + COUNT + TAKEN, node);
            }
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            int word = word(slot);
            if ((word & TAKEN) != 0 && !isAlive.test(node(slot)) && move(slot, word, word + COUNT)) {
                return take(slot, word + COUNT, node);
            }
        }
        return NONE;
    }

    private long node(int slot) {
        return (long) LONG.getAcquire(memory, (long) slot * SLOT + Long.BYTES);
    }

    private Approach take(int slot, int word, long node) {
        LONG.setRelease(memory, (long) slot * SLOT + Long.BYTES, node);
        return new Approach(slot, word);
    }

    /** Gives a slot back, when what it stands for is announced or will never be. */
    void arrived(Approach approach) {
        if (approach != NONE) {
            var _ = move(approach.slot(), approach.word(), approach.word() & ~TAKEN);
        }
    }

    /**
     * Who approaches now, for the server.
     *
     * @param known words of approaches, by slot, that do not count
     * @return by slot, 0 where there is nobody; null if nobody approaches at all
     */
    int @Nullable [] approaching(int[] known) {
        int[] found = null;
        for (int slot = 0; slot < SLOTS; slot++) {
            int word = word(slot);
            if ((word & TAKEN) != 0 && word != known[slot]) {
                if (found == null) {
                    found = new int[SLOTS];
                }
                found[slot] = word;
            }
        }
        return found;
    }

    /** Whether one of these still approaches. */
    boolean isAnyLeft(int[] approaching) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (approaching[slot] != 0 && word(slot) == approaching[slot]) {
                return true;
            }
        }
        return false;
    }
}
