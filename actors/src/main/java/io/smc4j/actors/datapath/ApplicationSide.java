package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import io.smc4j.protocol.cdc.CdcFlags;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** What both kinds of endpoint keep about their application threads: gates, waiters, why it failed, what the peer said. */
final class ApplicationSide {
    private static final VarHandle FAILURE;
    private static final VarHandle PEER_FLAGS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            FAILURE = lookup.findVarHandle(ApplicationSide.class, "failure", SmcException.class);
            PEER_FLAGS = lookup.findVarHandle(ApplicationSide.class, "peerFlags", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Gates gates = new Gates();
    final Waiter readWaiter = new Waiter();
    final Waiter writeWaiter = new Waiter();
    final Spinner readSpinner;
    final Spinner writeSpinner;
    private final EndpointListener listener;

    private volatile @Nullable SmcException failure;
    private volatile int peerFlags;
    private volatile boolean readingStopped;
    private volatile boolean writingStopped;

    ApplicationSide(EndpointListener listener, Spinner readSpinner, Spinner writeSpinner) {
        this.listener = listener;
        this.readSpinner = readSpinner;
        this.writeSpinner = writeSpinner;
    }

    EndpointListener listener() {
        return listener;
    }

    /** First wins. @return whether this call did it */
    boolean fail(SmcException reason) {
        if (!FAILURE.compareAndSet(this, null, reason)) {
            return false;
        }
        wakeAll();
        return true;
    }

    /** Enters to read; false if reading was stopped: then it is the end of the stream. Followed by gates.leave if true. */
    boolean enterToRead() throws SmcException {
        throwIfFailed();
        if (readingStopped) {
            return false;
        }
        if (!gates.enter(Gates.READ)) {
            throw failureOrClosed();
        }
        return true;
    }

    /** Enters to write. Followed by gates.leave. */
    void enterToWrite() throws SmcException {
        throwIfFailed();
        if (writingStopped || !gates.enter(Gates.WRITE)) {
            throw outputShut();
        }
    }

    boolean hasFailed() {
        return failure != null;
    }

    void throwIfFailed() throws SmcException {
        SmcException reason = failure;
        if (reason != null) {
            throw again(reason);
        }
    }

    /** The stated failure for the calling thread; if there is none, the endpoint was closed under it. */
    SmcException failureOrClosed() {
        SmcException reason = failure;
        return reason != null ? again(reason) : new SmcException(Category.RECONNECT, "the connection is closed");
    }

    private static SmcException again(SmcException reason) {
        String message = reason.getMessage();
        return new SmcException(reason.category(), message == null ? "the connection failed" : message, reason);
    }

    /** The peer broke the protocol: told to the Connection actor once, and every call fails from now on. */
    SmcException violation(String what) {
        SmcException reason = new SmcException(
                Category.RECONNECT, "the peer broke the SMC protocol, so the connection was given up: " + what);
        giveUp(reason, what);
        return reason;
    }

    /** It cannot go on: told to the Connection actor once, and every call fails from now on. */
    void giveUp(SmcException reason, String what) {
        if (fail(reason)) {
            listener.violation(what);
        }
    }

    /** The memory was closed under the endpoint: its owner has given the connection up. */
    SmcException memoryGone(IllegalStateException cause) {
        fail(new SmcException(
                Category.RECONNECT, "the connection's memory was released while it was in use (terminated)", cause));
        return failureOrClosed();
    }

    /** Records state flags of the peer; new bits are told to the Connection actor exactly once. Any thread. */
    void notice(int flags) {
        while (true) {
            int old = peerFlags;
            int all = old | flags;
            if (all == old) {
                return;
            }
            if (PEER_FLAGS.compareAndSet(this, old, all)) {
                listener.peerStateFlags(all);
                wakeAll();
                return;
            }
        }
    }

    int peerFlags() {
        return peerFlags;
    }

    /** Whether the flags mean that no more data comes, and nothing worse. */
    static boolean endOfStream(int flags) {
        return (flags & (CdcFlags.DONE_WRITING | CdcFlags.CLOSED)) != 0 && (flags & CdcFlags.ABORT) == 0;
    }

    /** Whether the peer does not take data any more. */
    static boolean deaf(int flags) {
        return (flags & (CdcFlags.CLOSED | CdcFlags.ABORT)) != 0;
    }

    SmcException peerDeaf() {
        return failure != null
                ? failureOrClosed()
                : new SmcException(Category.RECONNECT, "the peer closed the connection: it takes no more data");
    }

    void stopReading() {
        readingStopped = true;
        readWaiter.wake();
    }

    boolean isReadingStopped() {
        return readingStopped;
    }

    void stopWriting() {
        writingStopped = true;
        writeWaiter.wake();
    }

    boolean isWritingStopped() {
        return writingStopped;
    }

    SmcException outputShut() {
        return failure != null
                ? failureOrClosed()
                : new SmcException(Category.BUG, "a write after the connection's output was shut down or closed");
    }

    /** Nobody enters any more. */
    void closeGates() {
        gates.close(Gates.READ | Gates.WRITE);
        wakeAll();
    }

    void wakeAll() {
        readWaiter.wake();
        writeWaiter.wake();
    }
}
