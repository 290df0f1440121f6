package io.smc4j.actors.datapath;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One control slot of a link: 44 bytes for a CDC message, and what its completion has to know. Taken before the post, given
 * back by exactly one completion (or a flush). Owner thread only.
 */
public final class CdcSlot {
    private final int index;
    private final MemorySegment memory;
    private final long offset;

    /** Changes whenever the slot is given back, so that a second completion of the same request is recognised. */
    int generation;

    @Nullable
    SmcrEndpoint endpoint;

    int epoch;
    int sequence;
    int stateFlags;
    boolean validation;
    long sent;

    /**
     * @param index of the slot in its link
     * @param memory registered memory that holds the slots
     * @param offset of this slot in {@code memory}
     */
    public CdcSlot(int index, MemorySegment memory, long offset) {
        this.index = index;
        this.memory = memory;
        this.offset = offset;
    }

    public int index() {
        return index;
    }

    public MemorySegment memory() {
        return memory;
    }

    public long offset() {
        return offset;
    }

    public int generation() {
        return generation;
    }

    /** For the link: the slot is free again. */
    public void recycle() {
        generation = (generation + 1) & 0xFFFF;
        endpoint = null;
    }

    /** The endpoint whose CDC is in flight in this slot, or null. */
    @Nullable
    public SmcrEndpoint endpoint() {
        return endpoint;
    }
}
