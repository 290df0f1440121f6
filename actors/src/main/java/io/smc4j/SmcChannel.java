package io.smc4j;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
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
public interface SmcChannel extends GatheringByteChannel, ScatteringByteChannel, ByteChannel {
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
     * Writes one byte as urgent data (what {@code MSG_OOB} is for sockets), in order behind all that was written before, waiting for
     * space. Over SMC-R the peer is told where it stands; a later urgent byte that is written before an earlier one was sent takes that
     * mark over, as with TCP. Over TCP the socket sends it as urgent data; over SMC-D it is a byte like any other, as the peer is an
     * smc4j node. An smc4j node reads urgent bytes in line, in their place among the others.
     *
     * @param value the byte; its low eight bits
     */
    void writeUrgent(int value) throws SmcException;

    /** As {@link #read(ByteBuffer)} into several buffers, in order. Waits for the first byte only. */
    @Override
    long read(ByteBuffer[] targets, int offset, int length) throws SmcException;

    /** As {@link #read(ByteBuffer[], int, int)}, into all of them. */
    @Override
    default long read(ByteBuffer[] targets) throws SmcException {
        return read(targets, 0, targets.length);
    }

    /** As {@link #write(ByteBuffer)} from several buffers, in order: all that remains in them. */
    @Override
    long write(ByteBuffer[] sources, int offset, int length) throws SmcException;

    /** As {@link #write(ByteBuffer[], int, int)}, from all of them. */
    @Override
    default long write(ByteBuffer[] sources) throws SmcException {
        return write(sources, 0, sources.length);
    }

    /** As {@link #tryRead(ByteBuffer)} into several buffers, in order. */
    long tryRead(ByteBuffer[] targets, int offset, int length) throws SmcException;

    /** As {@link #tryWrite(ByteBuffer)} from several buffers, in order. */
    long tryWrite(ByteBuffer[] sources, int offset, int length) throws SmcException;

    /**
     * Claims space to be written in place: as much as there is in one piece, at most {@code most} bytes. Between this and {@link
     * SmcClaim#commit} or {@link SmcClaim#abort} nothing else may be written. On a connection over TCP the space is a buffer of
     * 64 KiB, from which the kernel copies.
     *
     * @param most bytes wanted, more than 0
     * @return the channel's one claim, of 0 bytes if there is no space now
     * @throws SmcException as {@link #tryWrite(ByteBuffer)}; category BUG if a claim was not given back
     */
    SmcClaim tryClaim(long most) throws SmcException;

    /** As {@link #tryClaim}, waiting for at least one byte of space. */
    SmcClaim claim(long most) throws SmcException;

    /**
     * Shows bytes that arrived, in place: as many as there are in one piece. Until {@link SmcPeek#release} nothing else may be read.
     *
     * @return the channel's one peek, of 0 bytes if there are none now, of -1 at the end of the stream
     * @throws SmcException as {@link #tryRead(ByteBuffer)}; category BUG if a peek was not released
     */
    SmcPeek tryPeek() throws SmcException;

    /** As {@link #tryPeek}, waiting for at least one byte or the end. */
    SmcPeek peek() throws SmcException;

    /**
     * Hands bytes that arrived, in one piece, to {@code handler} in place, and releases those that it used; none if it throws.
     *
     * @return bytes used, 0 if there were none (or none were used), -1 at the end of the stream
     */
    default long poll(SmcPeek.Handler handler) throws SmcException {
        SmcPeek bytes = tryPeek();
        long length = bytes.length();
        if (length <= 0) {
            return length;
        }
        long used = 0;
        try {
            used = handler.onBytes(bytes);
        } finally {
            bytes.release(used >= 0 && used <= length ? used : 0);
        }
        if (used < 0 || used > length) {
            throw new SmcException(
                    SmcException.Category.BUG, "A handler that was given " + length + " bytes said it used " + used);
        }
        return used;
    }

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
