package io.smc4j.actors.datapath;

import java.lang.foreign.MemorySegment;

/** Where an endpoint tells what it hands out for use in place. Filled again and again; one thread. */
public final class Window {
    private MemorySegment memory = MemorySegment.NULL;
    private long offset;
    private long length;

    /** Tells where it is. */
    public void show(MemorySegment in, long from, long bytes) {
        memory = in;
        offset = from;
        length = bytes;
    }

    /** Nothing is handed out any more. */
    public void clear() {
        length = 0;
    }

    /** Memory with the bytes. */
    public MemorySegment memory() {
        return memory;
    }

    /** Where in {@link #memory} they begin. */
    public long offset() {
        return offset;
    }

    /** How many; -1 for the end of the stream. */
    public long length() {
        return length;
    }
}
