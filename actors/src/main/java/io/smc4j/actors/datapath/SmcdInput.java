package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.cdc.SmcdControlArea;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.RemoteDmb;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The receiving half of an SMC-D endpoint: the own DMB's ring. Methods by the reading thread unless said otherwise. */
final class SmcdInput {
    private static final VarHandle CONSUMED;
    private static final VarHandle BYTES_READ;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CONSUMED = lookup.findVarHandle(SmcdInput.class, "consumed", long.class);
            BYTES_READ = lookup.findVarHandle(SmcdInput.class, "bytesRead", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MemorySegment own;
    private final RemoteDmb remote;
    private final ApplicationSide app;
    private final int size;
    private final int limit;
    private final Views views;

    /** Written by the reading thread only; any thread compares it with the producer cursor. */
    private long consumed;

    /** Written by the reading thread only. */
    private long bytesRead;

    /** Consumed and not yet told to the peer. */
    private int unconfirmed;

    /** What was left unread when we last looked: the producer cursor may only add to it. */
    private long left;

    SmcdInput(Dmb dmb, RemoteDmb remote, ApplicationSide app, Views views) {
        this.own = dmb.memory();
        this.remote = remote;
        this.app = app;
        this.views = views;
        size = (int) own.byteSize() - SmcdMemory.HEADER;
        limit = Math.min(Rings.updateLimit(size), size / 4); // of a tiny ring too, its writer must see some
    }

    /** As {@link Endpoint#tryRead}. @return bytes read, 0 if there are none now, -1 at the end of the stream */
    long read(MemorySegment target, long offset, long length) throws SmcException {
        long available = availableOrEnd();
        if (available <= 0) {
            return available;
        }
        int n = (int) Math.min(available, length);
        if (n == 0) {
            return 0;
        }
        int count = Cursors.count(consumed);
        int first = Math.min(n, size - count);
        MemorySegment.copy(own, SmcdMemory.HEADER + count, target, offset, first);
        if (n > first) {
            MemorySegment.copy(own, SmcdMemory.HEADER, target, offset + first, n - first);
        }
        took(n);
        return n;
    }

    /** As {@link Endpoint#peek}. */
    long peek(Window window) throws SmcException {
        long available = availableOrEnd();
        int count = Cursors.count(consumed);
        long n = Math.min(available, size - count);
        window.show(views.receive(), count, n);
        return n;
    }

    /** As {@link Endpoint#release}. */
    void release(long bytes) throws SmcException {
        took((int) bytes);
    }

    /** Bytes there are, 0 if there are none now, -1 at the end of the stream. */
    private long availableOrEnd() throws SmcException {
        long available = available();
        if (available == 0) {
            // The state flags lie in the other group. They are set behind the last data, so if they say "no more", what
            // the
            // producer group says when read after them is all there ever is.
            int flags = SmcdControlArea.stateFlags(SmcdMemory.consumerGroup(own));
            app.notice(flags);
            if (!ApplicationSide.endOfStream(flags)) {
                return 0;
            }
            available = available();
            if (available == 0) {
                return -1;
            }
        }
        return available;
    }

    private void took(int n) throws SmcException {
        left -= n;
        unconfirmed += n;
        CONSUMED.setRelease(this, Cursors.advance(consumed, n, size));
        BYTES_READ.setOpaque(this, bytesRead + n);
        confirm();
    }

    private long available() throws SmcException {
        long produced = SmcdControlArea.cursor(SmcdMemory.producerGroup(own));
        long available = Cursors.isValid(produced, size) ? Rings.ahead(consumed, produced, size) : Long.MAX_VALUE;
        if (available < left || available > size - unconfirmed) {
            throw app.violation(
                    "producer cursor (%d,%d) with consumer cursor (%d,%d), %d bytes unconfirmed and %d unread in a ring of %d"
                            .formatted(
                                    Cursors.wrap(produced),
                                    Cursors.count(produced),
                                    Cursors.wrap(consumed),
                                    Cursors.count(consumed),
                                    unconfirmed,
                                    left,
                                    size));
        }
        left = available;
        return available;
    }

    /**
     * Tells the peer how far we are when much is unconfirmed, or its writer waits. Not each time the ring is empty: that would take
     * the cache line with the peer's cursors away from it for every message. A writer that says later that it waits finds at
     * least all but the unconfirmed free, or bytes of its own unread, whose reader comes here again.
     */
    private void confirm() throws SmcException {
        boolean blocked = peerBlocked();
        if (unconfirmed <= limit && !blocked) {
            return;
        }
        if (!SmcdMemory.publishConsumer(remote.memory(), consumed)) {
            throw app.violation("its control area changes without end");
        }
        unconfirmed = 0;
        // Only a writer that waits needs to be woken, and it says so first (write-blocked) and looks at our cursor
        // then; we set
        // the cursor first and look at the flag then. So one of the two sees the other.
        if (blocked || peerBlocked()) {
            remote.signal();
        }
    }

    private boolean peerBlocked() {
        return (SmcdControlArea.producerFlags(SmcdMemory.consumerGroup(own)) & CdcFlags.WRITE_BLOCKED) != 0;
    }

    /** Any thread. An impossible cursor counts as unread: the reading thread is to see it. */
    boolean hasUnread() {
        return SmcdControlArea.cursor(SmcdMemory.producerGroup(own)) != (long) CONSUMED.getAcquire(this);
    }

    /** Any thread. */
    long bytesRead() {
        return (long) BYTES_READ.getOpaque(this);
    }
}
