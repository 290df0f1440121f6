package io.smc4j.rdma.ism;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.shm.Doorbell;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The memory of a device that its peers write to: which DMBs were signalled or attached, and the doorbell.
 *
 * <pre>
 *    0  long      magic and version
 *   64  doorbell  of the device
 *  128  2 long    SIGNALLED summary: bit w set after bit(s) of word w were set
 *  192  2 long    ATTACHED summary
 *  256  128 long  SIGNALLED: a bit for each of 8192 slots
 * 1280  128 long  ATTACHED
 * </pre>
 *
 * <p>An idle device looks at four words, whatever the number of its DMBs. A peer sets the bit, then the summary, then rings; the
 * owner clears the summary, then takes the word: so a bit that is set always has a summary bit set after it, or coming.
 *
 * <p>Thread rules: {@link #mark} by any thread; {@link #take} by the owner.
 */
final class SignalBoard {
    static final int SLOTS = 8192;
    static final long BYTES = 4096;

    /** What a peer tells the owner about a slot. */
    enum Kind {
        SIGNALLED(128, 256),
        ATTACHED(192, 1280);

        private final long summary;
        private final long bits;

        Kind(long summary, long bits) {
            this.summary = summary;
            this.bits = bits;
        }
    }

    private static final long MAGIC = 0x534D_4334_4A42_0001L;
    private static final long DOORBELL = 64;
    private static final int SUMMARIES = SLOTS / 64 / 64;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;
    private final Doorbell doorbell;

    private SignalBoard(MemorySegment memory) {
        this.memory = memory;
        this.doorbell = new Doorbell(memory.asSlice(DOORBELL, Doorbell.BYTES));
    }

    /** The owner's, in zeroed memory. */
    static SignalBoard create(MemorySegment memory) {
        LONG.setRelease(memory, 0L, MAGIC);
        return new SignalBoard(memory);
    }

    /** A peer's. */
    static SignalBoard of(MemorySegment memory) throws RdmaException {
        if ((long) LONG.getAcquire(memory, 0L) != MAGIC) {
            throw new RdmaException(
                    Category.UNREACHABLE,
                    "the peer's device is not an ISM device of this version: run the same version of smc4j on both ends");
        }
        return new SignalBoard(memory);
    }

    Doorbell doorbell() {
        return doorbell;
    }

    /**
     * Tells the owner, and wakes it if it sleeps.
     *
     * @param slot 0..8191, checked by the caller where it came from a peer
     */
    void mark(Kind kind, int slot) {
        int word = slot >>> 6;
        LONG.getAndBitwiseOr(memory, kind.bits + word * 8L, 1L << slot);
        LONG.getAndBitwiseOr(memory, kind.summary + (word >>> 6) * 8L, 1L << word);
        doorbell.ring();
    }

    /**
     * Clears all marks of the kind.
     *
     * @param slots receives the slots marked; room for all
     * @return how many there were
     */
    int take(Kind kind, int[] slots) {
        int count = 0;
        for (int s = 0; s < SUMMARIES; s++) {
            long summary = kind.summary + s * 8L;
            if ((long) LONG.getVolatile(memory, summary) == 0) {
                continue;
            }
            for (long words = (long) LONG.getAndSet(memory, summary, 0L); words != 0; words &= words - 1) {
                int word = s * 64 + Long.numberOfTrailingZeros(words);
                for (long bits = (long) LONG.getAndSet(memory, kind.bits + word * 8L, 0L);
                        bits != 0;
                        bits &= bits - 1) {
                    slots[count++] = word * 64 + Long.numberOfTrailingZeros(bits);
                }
            }
        }
        return count;
    }
}
