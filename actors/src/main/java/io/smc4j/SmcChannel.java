package io.smc4j;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * One connection: a byte stream in each direction, over SMC-R, SMC-D or TCP; the calls are the same.
 *
 * <p>{@link #read} and {@link #write} block the calling thread (platform or virtual); {@code tryRead} and {@code tryWrite} never
 * block, and {@link #onReadable} and {@link #onWritable} tell when to try again. None of them passes a message to an actor.
 *
 * <p>Thread rules: one thread at a time reads, one at a time writes (the two may be different threads); everything else from
 * any thread. A second reader or writer gets an {@link SmcException} of category BUG when it is noticed.
 *
 * <p>Interruption: an interrupt of a thread that waits in {@link #read} or {@link #write} gives an {@link SmcException} of category
 * RETRY whose cause is an {@link InterruptedException}. The thread's interrupt status is set again, the channel stays open, and
 * the buffer's position says what was moved; unlike {@link java.nio.channels.SocketChannel}, which an interrupt closes.
 *
 * <p>After the peer closed or shut down its output, reads return what is left and then -1. When the connection was aborted
 * (by the peer, by a failure without a link to fail over to, by termination of the link group) every call throws an {@link
 * SmcException} that says why. After {@link #close} or {@link #abort} on this side they throw category BUG.
 *
 * <p>"Written" means accepted: in the send buffer (SMC-R), in the peer's memory (SMC-D) or with the kernel (TCP). That the peer's
 * application has read it only the application's own protocol can say.
 */
public interface SmcChannel extends ByteChannel {
    /** Reads at least one byte, waiting for it. @return bytes read, or -1 at the end of the stream; 0 only if {@code target} is full */
    @Override
    int read(ByteBuffer target) throws SmcException;

    /** Writes all remaining bytes, waiting for space. @return bytes written, which is what remained */
    @Override
    int write(ByteBuffer source) throws SmcException;

    /** Reads what is there. @return bytes read, 0 if there are none now, -1 at the end of the stream */
    int tryRead(ByteBuffer target) throws SmcException;

    /**
     * As {@link #tryRead(ByteBuffer)}, into {@code target}.
     *
     * @param offset where to put the first byte
     * @param length most bytes to read
     * @return bytes read, 0 if there are none now, -1 at the end
     * @throws IndexOutOfBoundsException if offset and length are not within {@code target}
     */
    long tryRead(MemorySegment target, long offset, long length) throws SmcException;

    /** Writes what there is space for. @return bytes written, 0 if there is no space now */
    int tryWrite(ByteBuffer source) throws SmcException;

    /**
     * As {@link #tryWrite(ByteBuffer)}, from {@code source}.
     *
     * @param offset first byte to write, in bytes
     * @param length most bytes to write
     * @return bytes written, 0 if there is no space now
     * @throws IndexOutOfBoundsException if offset and length are not within {@code source}
     */
    long tryWrite(MemorySegment source, long offset, long length) throws SmcException;

    /**
     * Calls {@code callback} once, as soon as {@code tryRead} would not return 0 (data, end of stream or failure): at once on the
     * calling thread if that is so now, else on a thread of smc4j's, where it must not block.
     */
    void onReadable(Runnable callback);

    /** As {@link #onReadable} for {@code tryWrite}. */
    void onWritable(Runnable callback);

    /** Half-close: the peer reads the bytes written so far and then the end of the stream. Reading goes on. Idempotent. */
    void shutdownOutput() throws SmcException;

    /**
     * Orderly close: what was written is delivered, unread input makes it an abort for the peer (as with TCP). Returns at once;
     * {@link #terminated} completes when the connection is gone. Idempotent.
     */
    @Override
    void close();

    /** Ends the connection at once; the peer sees an abort. Idempotent. */
    void abort();

    /** False as soon as {@link #close} or {@link #abort} was called or the connection failed. */
    @Override
    boolean isOpen();

    /** Completes when nothing of the connection is left on this side; exceptionally with the reason if it was aborted. */
    CompletionStage<Done> terminated();

    /** The connection as it is now. */
    ConnectionInfo info();
}
