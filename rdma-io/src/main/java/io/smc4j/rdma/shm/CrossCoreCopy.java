package io.smc4j.rdma.shm;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Copies into memory that another core has read before and reads next, such as a ring between two processes.
 *
 * <p>Ordinary stores first fetch each cache line from the core that has it, to keep bytes that are about to be overwritten anyway. The C
 * library's {@code memcpy} does without for large pieces ({@code rep movsb}, or stores that bypass the caches), which makes it several
 * times as fast there. It is as ordered as ordinary stores are: it fences what bypassed the caches before it returns, so a release
 * store behind it publishes the bytes.
 *
 * <p>As safe as {@link MemorySegment#copy}: bounds are checked, memory that was closed makes it throw {@link IllegalStateException}, and
 * memory cannot be unmapped meanwhile. Any thread.
 */
public final class CrossCoreCopy {
    /** Below this, calling the C library does not pay. */
    private static final long LEAST = 4096;

    /** The garbage collector cannot stop a thread that copies from the heap within a piece, as with {@link MemorySegment#copy}. */
    private static final long MOST = 256 * 1024;

    private CrossCoreCopy() {}

    /** As {@link MemorySegment#copy(MemorySegment, long, MemorySegment, long, long)}, of segments that do not overlap. */
    public static void copy(
            MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, long bytes) {
        if (bytes < LEAST || !target.isNative() || target.isReadOnly()) {
            MemorySegment.copy(source, sourceOffset, target, targetOffset, bytes);
            return;
        }
        Objects.checkFromIndexSize(sourceOffset, bytes, source.byteSize());
        Objects.checkFromIndexSize(targetOffset, bytes, target.byteSize());
        long done = 0;
        while (done < bytes) {
            long n = Math.min(bytes - done, MOST);
            Libc.copy(source, sourceOffset + done, target, targetOffset + done, n);
            done += n;
        }
    }
}
