package io.smc4j.actors.channel;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the memory segments of the last buffers, since making one allocates and applications use the same buffers again and
 * again. The memory is weak: an application's buffer never lives longer because of it. One thread at a time.
 */
final class BufferSegments {
    /** Buffers in one call that are remembered. */
    private static final int PLACES = 16;

    private record Known(ByteBuffer buffer, MemorySegment segment) {}

    private @Nullable WeakReference<Known> first;
    private @Nullable WeakReference<Known> @Nullable [] others;

    /** The whole buffer from 0 to its capacity, whatever position and limit are. */
    MemorySegment of(ByteBuffer buffer) {
        Known known = known(first, buffer);
        if (known == null) {
            known = make(buffer);
            first = new WeakReference<>(known);
        }
        return known.segment;
    }

    /** As {@link #of(ByteBuffer)}, for a buffer that is one of several. @param place which one */
    MemorySegment of(ByteBuffer buffer, int place) {
        if (place == 0 || place >= PLACES) {
            return place == 0 ? of(buffer) : make(buffer).segment;
        }
        @Nullable WeakReference<Known>[] all = others;
        if (all == null) {
            all = places();
            others = all;
        }
        Known known = known(all[place], buffer);
        if (known == null) {
            known = make(buffer);
            all[place] = new WeakReference<>(known);
        }
        return known.segment;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type: nothing else is ever put into it
    private static @Nullable WeakReference<Known>[] places() {
        return new WeakReference[PLACES];
    }

    @SuppressWarnings("ReferenceEquality") // equal buffers hold equal bytes, but not in the same memory
    private static @Nullable Known known(@Nullable WeakReference<Known> reference, ByteBuffer buffer) {
        Known known = reference == null ? null : reference.get();
        return known != null && known.buffer == buffer ? known : null;
    }

    private static Known make(ByteBuffer buffer) {
        return new Known(buffer, MemorySegment.ofBuffer(buffer.duplicate().clear()));
    }
}
