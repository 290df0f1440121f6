package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import java.lang.foreign.MemorySegment;

/**
 * The send buffer as a ring between one writing thread and the owner of the completion queue. Positions count all bytes of the
 * connection, from 0: {@code finished <= sent <= prepared <= finished + size}; {@code sent} is the owner's own ({@link SmcrSender}).
 */
final class SendRing {
    /** Bytes copied in before the owner is told: it can send the first part while the next is copied. */
    static final int SLICE = 64 * 1024;

    private final SendBuffer buffer;
    private final MemorySegment memory;
    private final int size;

    /** End of what the application handed over. Written by the writing thread with volatile semantics (see {@link DirtySet}). */
    private volatile long prepared;

    /** End of what the peer has; its space is free. Written by the owner. */
    private volatile long finished;

    /** Where {@code prepared} lies in the ring. Writing thread. */
    private int index;

    SendRing(SendBuffer buffer) {
        this.buffer = buffer;
        memory = buffer.memory();
        size = buffer.size();
    }

    SendBuffer buffer() {
        return buffer;
    }

    MemorySegment memory() {
        return memory;
    }

    int size() {
        return size;
    }

    /** Copies in at most a slice. Writing thread. @return how much */
    int write(MemorySegment source, long offset, long length) {
        int n = (int) Math.min(Math.min(length, SLICE), space());
        if (n == 0) {
            return 0;
        }
        int first = Math.min(n, size - index);
        MemorySegment.copy(source, offset, memory, index, first);
        if (n > first) {
            MemorySegment.copy(source, offset + first, memory, 0, n - first);
        }
        add(n);
        return n;
    }

    /** As {@link Endpoint#claim}. Writing thread. */
    long claim(Window window, Views views, long most) throws SmcException {
        long n = Math.min(Math.min(most, space()), size - index);
        window.show(views.send(), index, n);
        return n;
    }

    /** The application handed over so many bytes that it put behind the last ones. Writing thread. */
    void add(int n) {
        index = index + n < size ? index + n : index + n - size;
        long end = prepared + n; // one writing thread
        prepared = end;
    }

    long space() {
        return size - (prepared - finished);
    }

    long prepared() {
        return prepared;
    }

    long finished() {
        return finished;
    }

    /** Owner. */
    void finish(long position) {
        finished = position;
    }
}
