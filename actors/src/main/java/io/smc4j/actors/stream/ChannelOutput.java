package io.smc4j.actors.stream;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import org.apache.pekko.util.ByteString;

/** The one element that is being written to a channel, piece by piece and without a copy. */
final class ChannelOutput {
    private Iterator<ByteBuffer> pieces = Collections.emptyIterator();
    private MemorySegment piece = MemorySegment.NULL;
    private long written;

    /** Takes the next element, when the one before is written. */
    void add(ByteString element) {
        pieces = element.getByteBuffers().iterator();
    }

    boolean isEmpty() {
        return written == piece.byteSize() && !pieces.hasNext();
    }

    /** Writes as much as there is room for. True if nothing is left. */
    boolean writeTo(SmcChannel channel) throws SmcException {
        while (true) {
            while (written < piece.byteSize()) {
                long count = channel.tryWrite(piece, written, piece.byteSize() - written);
                if (count == 0) {
                    return false;
                }
                written += count;
            }
            if (!pieces.hasNext()) {
                piece = MemorySegment.NULL;
                written = 0;
                return true;
            }
            piece = MemorySegment.ofBuffer(pieces.next());
            written = 0;
        }
    }
}
