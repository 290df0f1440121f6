package io.smc4j.rdma.work;

/**
 * What smc4j gives verbs libraries as {@code wr_id}. A failed completion tells nothing but this number, and one of a queue pair that was
 * destroyed may still come: so it names queue pair, incarnation and direction.
 *
 * <pre>
 *  63       62        44 43     32 31       0
 * +---------+-----------+---------+----------+
 * | receive | generation|  slot   | sequence |
 * +---------+-----------+---------+----------+
 * </pre>
 */
public final class WorkId {
    /** Queue pairs of one device that can be told apart. */
    public static final int MAX_QUEUE_PAIRS = 1 << 12;

    private static final long RECEIVE = 1L << 63;
    private static final int SLOT_SHIFT = 32;
    private static final int SLOT_MASK = MAX_QUEUE_PAIRS - 1;
    private static final int GENERATION_SHIFT = 44;
    private static final int GENERATION_MASK = (1 << 19) - 1;

    private WorkId() {}

    /** The part that all work requests of a queue pair share. */
    public static long base(int slot, int generation) {
        return (long) (generation & GENERATION_MASK) << GENERATION_SHIFT | (long) slot << SLOT_SHIFT;
    }

    public static long of(long base, boolean receive, int sequence) {
        return base | (receive ? RECEIVE : 0) | sequence & 0xffff_ffffL;
    }

    public static boolean isReceive(long id) {
        return id < 0;
    }

    public static int slot(long id) {
        return (int) (id >>> SLOT_SHIFT) & SLOT_MASK;
    }

    public static long base(long id) {
        return id & ~RECEIVE & ~0xffff_ffffL;
    }

    public static int sequence(long id) {
        return (int) id;
    }
}
