package io.smc4j.rdma.work;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The work requests of one direction that are posted and not complete, with the ids their callers gave them. They complete in order;
 * an unsignaled one is complete when a later one is. The owner's thread only, but for {@link #outstanding}.
 */
public final class WorkRing {
    private static final VarHandle OUTSTANDING;

    static {
        try {
            OUTSTANDING = MethodHandles.lookup().findVarHandle(WorkRing.class, "outstanding", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] ids;
    private final int mask;
    private final int capacity;
    private int posted;
    private int completed;
    private int outstanding;

    public WorkRing(int capacity) {
        this.capacity = capacity;
        int size = Integer.highestOneBit(Math.max(1, capacity - 1)) << 1;
        ids = new long[size];
        mask = size - 1;
    }

    public boolean isFull() {
        return posted - completed >= capacity;
    }

    /** The sequence number that the next request will have. */
    public int next() {
        return posted;
    }

    /** The sequence number of the oldest request that is not complete. */
    public int oldest() {
        return completed;
    }

    public void posted(long id) {
        ids[posted & mask] = id;
        posted++;
        OUTSTANDING.setRelease(this, posted - completed);
    }

    /** Whether a request with this sequence number is outstanding. */
    public boolean has(int sequence) {
        return sequence - completed >= 0 && posted - sequence > 0;
    }

    /** It completed, and with it all before. @return the id of its caller */
    public long completed(int sequence) {
        completed = sequence + 1;
        OUTSTANDING.setRelease(this, posted - completed);
        return ids[sequence & mask];
    }

    /** Nothing of it will complete any more. */
    public void clear() {
        OUTSTANDING.setRelease(this, 0);
    }

    /** Any thread. */
    public int outstanding() {
        return (int) OUTSTANDING.getAcquire(this);
    }
}
