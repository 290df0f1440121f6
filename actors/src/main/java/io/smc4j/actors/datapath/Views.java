package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What an application may hold of an endpoint's two rings: views with a life of their own, which ends with {@link #close}, while the
 * memory behind them lives on for the endpoint or for the next connection. Made when the first is asked for; a connection
 * that is only read and written has none.
 *
 * <p>The memory must not be unmapped or given to anybody else before {@link #close} has returned true: a view does not know of the
 * arena behind it. {@link Endpoint#closeViews} is that question, and an endpoint is quiet only with an answer of true.
 */
final class Views {
    private final MemorySegment receiveRing;
    private final MemorySegment sendRing;
    private @Nullable Arena arena;
    private @Nullable MemorySegment receiveView;
    private @Nullable MemorySegment sendView;
    private boolean closed;

    /** Native memory, exactly the rings. */
    Views(MemorySegment receiveRing, MemorySegment sendRing) {
        this.receiveRing = receiveRing;
        this.sendRing = sendRing;
    }

    /** The receive ring, read-only. Throws after {@link #close}. */
    MemorySegment receive() throws SmcException {
        MemorySegment known = receiveView; // an immutable object: safe to see without a lock
        if (known == null) {
            known = open(receiveRing).asReadOnly();
            receiveView = known;
        }
        return known;
    }

    /** The send ring. Throws after {@link #close}. */
    MemorySegment send() throws SmcException {
        MemorySegment known = sendView;
        if (known == null) {
            known = open(sendRing);
            sendView = known;
        }
        return known;
    }

    @SuppressWarnings("MustBeClosedChecker") // close() does
    private synchronized MemorySegment open(MemorySegment ring) throws SmcException {
        if (closed) {
            throw new SmcException(
                    SmcException.Category.BUG, "the connection was closed: its memory is not lent any more");
        }
        Arena lent = arena;
        if (lent == null) {
            lent = Arena.ofShared();
            arena = lent;
        }
        return ring.reinterpret(lent, null);
    }

    /**
     * Ends all views: an access throws from now on. Idempotent.
     *
     * @return false if a system call is using one at this moment: ask again later. No new one is lent all the same
     */
    synchronized boolean close() {
        closed = true;
        Arena lent = arena;
        if (lent == null || !lent.scope().isAlive()) {
            return true;
        }
        try {
            lent.close();
            return true;
        } catch (IllegalStateException e) {
            return false; // acquired by a call out of the JVM
        }
    }
}
