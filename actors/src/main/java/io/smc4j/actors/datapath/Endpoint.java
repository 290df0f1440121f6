package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import java.lang.foreign.MemorySegment;

/**
 * The data half of one connection. Three parties touch it, each its own part: one reading and one writing application thread
 * (the try and await methods), the Connection actor (the methods below them), and, for SMC-R, the completion queue's owner.
 */
public interface Endpoint {
    /** As {@link io.smc4j.SmcChannel#tryRead(MemorySegment, long, long)}. Reading thread. */
    long tryRead(MemorySegment target, long offset, long length) throws SmcException;

    /** As {@link io.smc4j.SmcChannel#tryWrite(MemorySegment, long, long)}. Writing thread. */
    long tryWrite(MemorySegment source, long offset, long length) throws SmcException;

    /**
     * As {@link io.smc4j.SmcChannel#writeUrgent} without waiting. Writing thread.
     *
     * @return false if there is no space now
     */
    default boolean tryWriteUrgent(byte value) throws SmcException {
        return tryWrite(MemorySegment.ofArray(new byte[] {value}), 0, 1) > 0;
    }

    /**
     * Lends space of the send side, in one piece. Nothing is held: a claim that is not committed is as if it had never been.
     *
     * @param most at most so many bytes, more than 0
     * @return bytes lent, as the window says; 0 if there is no space now
     */
    long claim(Window window, long most) throws SmcException;

    /** Sends the first bytes of what {@link #claim} lent last. Writing thread, which has written nothing else since. */
    void commit(long bytes) throws SmcException;

    /**
     * Lends what arrived, in one piece.
     *
     * @return bytes lent, as the window says; 0 if there are none now, -1 at the end of the stream
     */
    long peek(Window window) throws SmcException;

    /** Counts the first bytes of what {@link #peek} lent last as read. Reading thread, which has read nothing else since. */
    void release(long bytes) throws SmcException;

    /**
     * Ends everything lent: an access throws IllegalStateException from now on. Any thread, idempotent.
     *
     * @return false if a system call is using some of it: not yet ended
     */
    boolean closeViews();

    /** Whether {@code tryRead} of at least one byte would return other than 0. Any thread; a hint. */
    boolean readable();

    /** Whether {@code tryWrite} of at least one byte would return other than 0 (or throw). Any thread; a hint. */
    boolean writable();

    /** Waits (spinning shortly, then parked) until {@link #readable}, or the time is over. Reading thread. */
    void awaitReadable(long timeoutNanos) throws InterruptedException;

    /** As {@link #awaitReadable} for {@link #writable}. Writing thread. */
    void awaitWritable(long timeoutNanos) throws InterruptedException;

    /** Calls back once when {@link #readable}; at once, on this thread, if it is now. Any thread. */
    void onReadable(Runnable callback);

    /** Calls back once when {@link #writable}; at once, on this thread, if it is now. Any thread. */
    void onWritable(Runnable callback);

    /** Bytes handed to the application so far. Any thread. */
    long bytesRead();

    /** Bytes accepted from the application so far. Any thread. */
    long bytesWritten();

    // ---- Connection actor ----

    /** No more {@code tryWrite}: it throws from now on. What was accepted is still sent. */
    void stopWriting();

    /** No more {@code tryRead}: it returns -1 from now on. Called when the application closed. */
    void stopReading();

    /** Received bytes that the application has not read. */
    boolean hasUnread();

    /** Calls {@link EndpointListener#drained} once, as soon as everything accepted is in the peer's memory; maybe at once. */
    void requestDrained();

    /** Sends connection state flags to the peer (sticky: each call names all of them), behind all data sent so far. */
    void sendStateFlags(int stateFlags);

    /** Ends both directions for the application: every call throws {@code reason}, every waiter wakes. Idempotent, first wins. */
    void fail(SmcException reason);
}
