package io.smc4j;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Contiguous bytes of a connection's own memory, to be written ({@link SmcClaim}) or read ({@link SmcPeek}) in place.
 *
 * <p>The memory is a ring, and a span never wraps: when it ends at the end of the ring it is shorter than what is there, and the
 * next span begins at the start of the ring. So a caller takes what {@link #length} says and asks again for the rest.
 *
 * <p>Where the bytes are: {@link #memory} from {@link #offset}, which costs no allocation, or {@link #segment} and {@link
 * #buffer}, which make an object each time. They may be used until the span is given back, and never after the channel is closed:
 * then every access throws {@link IllegalStateException}. Bytes of {@code memory} outside the span belong to the connection.
 *
 * <p>A channel has one object of each kind and uses it again and again; one thread at a time. Source: smc4j's own; SMC itself
 * does not know it.
 */
public sealed interface SmcSpan permits SmcClaim, SmcPeek {
    /** Bytes in the span; what 0 and less mean, the kinds of span say. */
    long length();

    /** Memory that holds the span, the same object again and again. Bounds are those of the ring, not of the span. */
    MemorySegment memory();

    /** Where in {@link #memory} the span begins, in bytes. */
    long offset();

    /** Exactly the span. Allocates a small object. */
    default MemorySegment segment() {
        return memory().asSlice(offset(), Math.max(0, length()));
    }

    /** Exactly the span, from position 0 to its limit, big-endian. Allocates two small objects. */
    default ByteBuffer buffer() {
        return segment().asByteBuffer();
    }
}
