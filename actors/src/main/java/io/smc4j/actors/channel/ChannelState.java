package io.smc4j.actors.channel;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import io.smc4j.actors.datapath.Endpoint;
import io.smc4j.actors.datapath.Window;
import java.util.concurrent.atomic.AtomicBoolean;

/** What both directions of a channel share: whether it may be used, and how its waiting and failing is told. Thread-safe. */
final class ChannelState {
    final Endpoint endpoint;
    final AtomicBoolean outputShut = new AtomicBoolean();
    final AtomicBoolean aborted = new AtomicBoolean();
    final AtomicBoolean closed = new AtomicBoolean();
    private final long maxWaitNanos;
    private volatile boolean failed;

    ChannelState(Endpoint endpoint, long maxWaitNanos) {
        this.endpoint = endpoint;
        this.maxWaitNanos = maxWaitNanos;
    }

    void markFailed() {
        failed = true;
    }

    boolean isOpen() {
        return !closed.get() && !failed;
    }

    void requireOpen() throws SmcException {
        if (closed.get()) {
            throw new SmcException(
                    Category.BUG,
                    "The connection was " + (aborted.get() ? "aborted" : "closed")
                            + " by this side: do not use a channel after that");
        }
    }

    void requireOutput() throws SmcException {
        requireOpen();
        if (outputShut.get()) {
            throw new SmcException(
                    Category.BUG, "Nothing can be written after shutdownOutput(): write first, or do not shut down");
        }
    }

    SmcException noted(SmcException e) throws SmcException {
        requireOpen(); // else the reason is our own doing
        if (e.category() != Category.BUG) {
            markFailed();
        }
        return e;
    }

    void awaitReadable() throws SmcException {
        try {
            endpoint.awaitReadable(maxWaitNanos);
        } catch (InterruptedException e) {
            throw interrupted("data", e);
        }
    }

    void awaitWritable() throws SmcException {
        try {
            endpoint.awaitWritable(maxWaitNanos);
        } catch (InterruptedException e) {
            throw interrupted("space", e);
        }
    }

    private static SmcException interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new SmcException(
                Category.RETRY,
                "The thread was interrupted while it waited for " + what + "; the connection lives on",
                e);
    }

    /** Whether so many bytes of what was lent can be given back. */
    static void requireWithin(String verb, long bytes, Window lent, String state) throws SmcException {
        long length = lent.length();
        if (length <= 0) {
            throw new SmcException(
                    Category.BUG, "A " + verb + " of " + bytes + " bytes, but nothing is " + state + " (any more)");
        }
        if (bytes < 0 || bytes > length) {
            throw new SmcException(
                    Category.BUG, "A " + verb + " of " + bytes + " bytes, but " + length + " are " + state);
        }
    }
}
