package io.smc4j.actors.stream;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import java.lang.foreign.MemorySegment;

/** Writes elements of memory straight into the channel's memory. */
final class SegmentOutput implements ElementOutput<MemorySegment> {
    private MemorySegment piece = MemorySegment.NULL;
    private long written;

    @Override
    public void add(MemorySegment element) {
        piece = element;
        written = 0;
    }

    @Override
    public boolean isEmpty() {
        return written == piece.byteSize();
    }

    @Override
    public boolean writeTo(SmcChannel channel) throws SmcException {
        while (written < piece.byteSize()) {
            long count = channel.tryWrite(piece, written, piece.byteSize() - written);
            if (count == 0) {
                return false;
            }
            written += count;
        }
        piece = MemorySegment.NULL; // it may be used again by whoever made it
        written = 0;
        return true;
    }
}
