package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import java.lang.foreign.MemorySegment;

/**
 * The RMBE as a ring between the owner of the completion queue, which hears where the peer has written to, and one reading thread.
 * Positions count all bytes of the connection, from 0: {@code confirmed <= consumed <= received <= confirmed + size}.
 */
final class ReceiveRing {
    private final MemorySegment memory;
    private final int size;
    private final int limit;

    /** End of what the peer announced. Written by the owner. */
    private volatile long received;

    /** What the application has taken. Written by the reading thread. */
    private volatile long consumed;

    /** {@code consumed} as the last CDC message sent told it. Written by the owner. */
    private volatile long confirmed;

    /** The peer said that it has more data than room. Written by the owner. */
    private volatile boolean peerBlocked;

    /** Where {@code consumed} lies in the ring. Reading thread. */
    private int index;

    ReceiveRing(MemorySegment memory) {
        this.memory = memory;
        size = (int) memory.byteSize();
        limit = Rings.updateLimit(size);
    }

    MemorySegment memory() {
        return memory;
    }

    int size() {
        return size;
    }

    /** Reading thread. @return bytes copied out; 0 if there are none */
    int read(MemorySegment target, long offset, long length) {
        int n = (int) Math.min(length, received - consumed);
        if (n == 0) {
            return 0;
        }
        int first = Math.min(n, size - index);
        MemorySegment.copy(memory, index, target, offset, first);
        if (n > first) {
            MemorySegment.copy(memory, 0, target, offset + first, n - first);
        }
        take(n);
        return n;
    }

    /** As {@link Endpoint#peek}, without the end of the stream. Reading thread. */
    long peek(Window window, Views views) throws SmcException {
        long n = Math.min(received - consumed, size - index);
        window.show(views.receive(), index, n);
        return n;
    }

    /** The application has read so many of the oldest bytes. Reading thread. */
    void take(int n) {
        index = index + n < size ? index + n : index + n - size;
        long end = consumed + n; // one reading thread
        consumed = end;
    }

    boolean hasUnread() {
        return received != consumed;
    }

    long received() {
        return received;
    }

    long consumed() {
        return consumed;
    }

    long confirmed() {
        return confirmed;
    }

    /**
     * Whether the peer should hear how far we are, although there is no data to send along (spec section 5.5; and, beyond
     * Linux, always when the ring is empty and the peer waits). Any thread; evaluated by the reader after each read and by the
     * owner after each CDC message, so whichever change comes last is seen.
     */
    boolean updateDue() {
        long taken = consumed;
        long told = confirmed;
        if (taken == told) {
            return false;
        }
        boolean blocked = peerBlocked;
        long all = received;
        if (blocked && all == taken) {
            return true;
        }
        return taken - told > limit && (blocked || size - (all - told) <= size / 2);
    }

    // ---- owner ----

    void receive(long position) {
        received = position;
    }

    void confirm(long position) {
        confirmed = position;
    }

    void peerBlocked(boolean blocked) {
        peerBlocked = blocked;
    }
}
