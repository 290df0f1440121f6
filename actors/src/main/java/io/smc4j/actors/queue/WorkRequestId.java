package io.smc4j.actors.queue;

/**
 * What a completion needs to find its way, in the 64 bits that work requests carry. A completion whose generations do not match
 * belongs to a link or request that is gone, or came twice: dropped.
 *
 * <pre>
 *  63    62 61               48 47               32 31               16 15                0
 * +--------+-------------------+-------------------+-------------------+-------------------+
 * | kind   | link index        | link generation   | slot generation   | slot index        |
 * +--------+-------------------+-------------------+-------------------+-------------------+
 * </pre>
 */
final class WorkRequestId {
    static final int RECEIVE = 0;
    static final int CDC = 1;
    static final int LLC = 2;
    static final int WRITE = 3;

    /** More links than this cannot be attached to one owner at a time. */
    static final int MAX_LINKS = 1 << 14;

    private WorkRequestId() {}

    static long of(int kind, int linkIndex, int linkGeneration, int slotGeneration, int slotIndex) {
        return (long) kind << 62
                | (long) (linkIndex & 0x3FFF) << 48
                | (long) (linkGeneration & 0xFFFF) << 32
                | (long) (slotGeneration & 0xFFFF) << 16
                | (slotIndex & 0xFFFF);
    }

    static int kind(long id) {
        return (int) (id >>> 62);
    }

    static int linkIndex(long id) {
        return (int) (id >>> 48) & 0x3FFF;
    }

    static int linkGeneration(long id) {
        return (int) (id >>> 32) & 0xFFFF;
    }

    static int slotGeneration(long id) {
        return (int) (id >>> 16) & 0xFFFF;
    }

    static int slotIndex(long id) {
        return (int) id & 0xFFFF;
    }
}
