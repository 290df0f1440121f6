package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.cdc.SmcdControlArea;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.RemoteDmb;
import io.smc4j.rdma.shm.CrossCoreCopy;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The sending half of an SMC-D endpoint: the peer's DMB. Methods by the writing thread unless said otherwise. */
final class SmcdOutput {
    private static final VarHandle PRODUCED;
    private static final VarHandle BYTES_WRITTEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PRODUCED = lookup.findVarHandle(SmcdOutput.class, "produced", long.class);
            BYTES_WRITTEN = lookup.findVarHandle(SmcdOutput.class, "bytesWritten", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Published at once, so that the reader copies out the beginning of a long write while the writer copies the rest in. */
    private static final int PIECE = 32 * 1024;

    private final MemorySegment own;
    private final MemorySegment peer;
    private final RemoteDmb remote;
    private final ApplicationSide app;
    private final int size;
    private final Views views;

    /** Written by the writing thread only; any thread compares it with the peer's consumer cursor. */
    private long produced;

    /** Written by the writing thread only. */
    private long bytesWritten;

    /** In the peer's ring and, as far as we know, not consumed. */
    private long inFlight;

    private boolean blocked;

    SmcdOutput(Dmb dmb, RemoteDmb remote, ApplicationSide app, Views views) {
        this.views = views;
        this.own = dmb.memory();
        this.peer = remote.memory();
        this.remote = remote;
        this.app = app;
        size = (int) peer.byteSize() - SmcdMemory.HEADER;
    }

    long write(MemorySegment source, long offset, long length) throws SmcException {
        int n = (int) Math.min(length, space());
        if (n < length && !blocked) {
            // First say that we wait, then look at the peer's cursor once more: it does it the other way round.
            block(true);
            n = (int) Math.min(length, space());
        }
        int done = 0;
        while (n - done > PIECE) {
            put(source, offset + done, PIECE);
            publish(PIECE);
            done += PIECE;
        }
        if (n > done) {
            put(source, offset + done, n - done);
            if (blocked && n == length) {
                block(false);
            }
            publish(n - done);
        }
        return n;
    }

    private void put(MemorySegment source, long offset, int n) {
        int count = Cursors.count(produced);
        int first = Math.min(n, size - count);
        CrossCoreCopy.copy(source, offset, peer, SmcdMemory.HEADER + count, first);
        if (n > first) {
            CrossCoreCopy.copy(source, offset + first, peer, SmcdMemory.HEADER, n - first);
        }
    }

    /** As {@link Endpoint#claim}. */
    long claim(Window window, long most) throws SmcException {
        long space = space();
        if (space == 0) {
            if (!blocked) {
                block(true);
            }
            space = space();
        }
        if (space > 0 && blocked) {
            block(false);
        }
        int count = Cursors.count(produced);
        long n = Math.min(Math.min(most, space), size - count);
        window.show(views.send(), count, n);
        return n;
    }

    /** As {@link Endpoint#commit}. */
    void commit(long bytes) {
        publish((int) bytes);
    }

    private void publish(int n) {
        long next = Cursors.advance(produced, n, size);
        inFlight += n;
        PRODUCED.setRelease(this, next);
        BYTES_WRITTEN.setOpaque(this, bytesWritten + n);
        SmcdMemory.publishProducer(peer, next);
        remote.signal();
    }

    private void block(boolean set) throws SmcException {
        int set1 = set ? CdcFlags.WRITE_BLOCKED : 0;
        if (!SmcdMemory.changeFlags(peer, set1, CdcFlags.WRITE_BLOCKED, 0)) {
            throw app.violation("its control area changes without end");
        }
        blocked = set;
    }

    private long space() throws SmcException {
        long group = SmcdMemory.consumerGroup(own);
        int flags = SmcdControlArea.stateFlags(group);
        app.notice(flags);
        if (ApplicationSide.deaf(flags)) {
            throw app.peerDeaf();
        }
        long consumed = SmcdControlArea.cursor(group);
        long unread = Cursors.isValid(consumed, size) ? Rings.ahead(consumed, produced, size) : Long.MAX_VALUE;
        if (unread > inFlight) {
            // Behind what it had consumed before, or ahead of what we produced.
            throw app.violation(
                    "consumer cursor (%d,%d) with producer cursor (%d,%d) and %d bytes unconsumed in a ring of %d"
                            .formatted(
                                    Cursors.wrap(consumed),
                                    Cursors.count(consumed),
                                    Cursors.wrap(produced),
                                    Cursors.count(produced),
                                    inFlight,
                                    size));
        }
        inFlight = unread;
        return size - unread;
    }

    /** Any thread. An impossible cursor counts as space: the writing thread is to see it. */
    boolean hasSpace() {
        long group = SmcdMemory.consumerGroup(own);
        return ApplicationSide.deaf(SmcdControlArea.stateFlags(group))
                || Rings.ahead(SmcdControlArea.cursor(group), (long) PRODUCED.getAcquire(this), size) != size;
    }

    /** Any thread. */
    long bytesWritten() {
        return (long) BYTES_WRITTEN.getOpaque(this);
    }
}
