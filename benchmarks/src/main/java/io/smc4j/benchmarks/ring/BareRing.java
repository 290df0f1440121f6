package io.smc4j.benchmarks.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A ring of bytes for one producer and one consumer in memory that both map: the least that moves bytes between two threads or
 * processes. Each end copies, publishes its cursor with a release store, and keeps the other's last cursor to look at the shared one
 * only when it must.
 *
 * <pre>
 *    0   producer cursor (bytes written so far), alone on its pair of cache lines
 *  128   consumer cursor (bytes read so far), likewise
 *  256   closed: not 0 when the producer will write no more
 *  384   the ring
 * </pre>
 *
 * One object is one end: a producer or a consumer. Not thread-safe.
 */
public final class BareRing {
    private static final long PRODUCER = 0;
    private static final long CONSUMER = 128;
    private static final long CLOSED = 256;
    private static final long RING = 384;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;
    private final long capacity;
    private long produced;
    private long consumed;

    /**
     * One end of a ring.
     *
     * @param memory {@link #bytes} of it, zeroed before either end uses it, aligned to 128
     * @param capacity a power of two
     */
    public BareRing(MemorySegment memory, long capacity) {
        if (Long.bitCount(capacity) != 1 || memory.byteSize() < bytes(capacity)) {
            throw new IllegalArgumentException(
                    "a ring of " + capacity + " bytes (a power of two) does not go into " + memory.byteSize());
        }
        this.memory = memory;
        this.capacity = capacity;
    }

    /** Memory for a ring of that capacity. */
    public static long bytes(long capacity) {
        return RING + capacity;
    }

    /** Producer: writes what there is space for. @return bytes written, 0 if the ring is full */
    public long tryWrite(MemorySegment source, long offset, long length) {
        long free = capacity - (produced - consumed);
        if (free < length) {
            consumed = (long) LONG.getAcquire(memory, CONSUMER);
            free = capacity - (produced - consumed);
        }
        long count = Math.min(free, length);
        if (count > 0) {
            long at = produced & capacity - 1;
            long first = Math.min(count, capacity - at);
            MemorySegment.copy(source, offset, memory, RING + at, first);
            if (first < count) {
                MemorySegment.copy(source, offset + first, memory, RING, count - first);
            }
            produced += count;
            LONG.setRelease(memory, PRODUCER, produced);
        }
        return count;
    }

    /** Consumer: reads what is there. @return bytes read, 0 if the ring is empty */
    public long tryRead(MemorySegment target, long offset, long length) {
        long there = produced - consumed;
        if (there < length) {
            produced = (long) LONG.getAcquire(memory, PRODUCER);
            there = produced - consumed;
        }
        long count = Math.min(there, length);
        if (count > 0) {
            long at = consumed & capacity - 1;
            long first = Math.min(count, capacity - at);
            MemorySegment.copy(memory, RING + at, target, offset, first);
            if (first < count) {
                MemorySegment.copy(memory, RING, target, offset + first, count - first);
            }
            consumed += count;
            LONG.setRelease(memory, CONSUMER, consumed);
        }
        return count;
    }

    /** Either end: there will be no more traffic. */
    public void close() {
        LONG.setRelease(memory, CLOSED, 1L);
    }

    /** Whether the other end, or this one, has closed. Bytes written before may still be unread. */
    public boolean isClosed() {
        return (long) LONG.getAcquire(memory, CLOSED) != 0;
    }
}
