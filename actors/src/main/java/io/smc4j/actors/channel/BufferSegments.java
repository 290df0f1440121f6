package io.smc4j.actors.channel;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the memory segment of the last buffer, since making one allocates and applications use the same buffer again and again.
 * The memory is weak: an application's buffer never lives longer because of it. One thread at a time.
 */
final class BufferSegments {
    private record Known(ByteBuffer buffer, MemorySegment segment) {}

    private @Nullable WeakReference<Known> last;

    /** The whole buffer from 0 to its capacity, whatever position and limit are. */
    @SuppressWarnings("ReferenceEquality") // equal buffers hold equal bytes, but not in the same memory
    MemorySegment of(ByteBuffer buffer) {
        WeakReference<Known> reference = last;
        Known known = reference == null ? null : reference.get();
        if (known == null || known.buffer != buffer) {
            known = new Known(buffer, MemorySegment.ofBuffer(buffer.duplicate().clear()));
            last = new WeakReference<>(known);
        }
        return known.segment;
    }
}
