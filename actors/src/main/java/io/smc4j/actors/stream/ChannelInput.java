package io.smc4j.actors.stream;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import java.lang.foreign.MemorySegment;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Takes bytes out of a channel, through a buffer that is used again and again, with one copy into each element. */
final class ChannelInput {
    private final int chunk;
    private byte @Nullable [] buffer;
    private MemorySegment segment = MemorySegment.NULL;
    private boolean end;

    ChannelInput(int chunk) {
        if (chunk < 1) {
            throw new IllegalArgumentException("an element holds at least 1 byte, not " + chunk);
        }
        this.chunk = chunk;
    }

    /** What is there, at most a chunk; empty if nothing is now, or at the end. */
    ByteString readFrom(SmcChannel channel) throws SmcException {
        byte[] into = buffer();
        int count = (int) channel.tryRead(segment, 0, chunk);
        end = count < 0;
        return count <= 0 ? ByteString.emptyByteString() : ByteString.fromArray(into, 0, count);
    }

    /** Reads and forgets. False if there was nothing. */
    boolean dropFrom(SmcChannel channel) throws SmcException {
        byte[] _ = buffer();
        long count = channel.tryRead(segment, 0, chunk);
        end = count < 0;
        return count > 0;
    }

    boolean atEnd() {
        return end;
    }

    private byte[] buffer() {
        byte[] known = buffer;
        if (known == null) {
            known = new byte[chunk];
            buffer = known;
            segment = MemorySegment.ofArray(known);
        }
        return known;
    }
}
