package io.smc4j.benchmarks.perf.peer;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** The whole of the buffer that was used last, as a segment: a loop uses the same one again and again. */
final class Segments {
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private MemorySegment segment = MemorySegment.NULL;

    @SuppressWarnings("ReferenceEquality") // the same object, not equal contents
    MemorySegment of(ByteBuffer used) {
        if (used != buffer) {
            buffer = used;
            segment = MemorySegment.ofBuffer(used.duplicate().clear());
        }
        return segment;
    }
}
