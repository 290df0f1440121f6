package io.smc4j.actors.stream;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import org.apache.pekko.util.ByteString;

/** Writes elements piece by piece, each from its array straight into the channel's memory. */
final class ByteStringOutput implements ElementOutput<ByteString> {
    private final SegmentOutput piece = new SegmentOutput();
    private Iterator<ByteBuffer> pieces = Collections.emptyIterator();

    @Override
    public void add(ByteString element) {
        pieces = element.getByteBuffers().iterator();
    }

    @Override
    public boolean isEmpty() {
        return piece.isEmpty() && !pieces.hasNext();
    }

    @Override
    public boolean writeTo(SmcChannel channel) throws SmcException {
        while (piece.writeTo(channel)) {
            if (!pieces.hasNext()) {
                return true;
            }
            piece.add(MemorySegment.ofBuffer(pieces.next()));
        }
        return false;
    }
}
