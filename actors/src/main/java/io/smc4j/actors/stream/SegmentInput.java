package io.smc4j.actors.stream;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcPeek;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Shows bytes in the channel's own memory, without a copy: an element is valid until the next one is asked for. */
final class SegmentInput implements ElementInput<MemorySegment> {
    private final int chunk;
    private @Nullable SmcPeek shown;
    private long length;
    private boolean end;

    SegmentInput(int chunk) {
        this.chunk = chunk;
    }

    @Override
    public @Nullable MemorySegment readFrom(SmcChannel channel) throws SmcException {
        releaseShown();
        SmcPeek bytes = channel.tryPeek();
        end = bytes.length() < 0;
        if (bytes.length() <= 0) {
            return null;
        }
        shown = bytes;
        length = Math.min(chunk, bytes.length());
        return bytes.memory().asSlice(bytes.offset(), length);
    }

    @Override
    public boolean dropFrom(SmcChannel channel) throws SmcException {
        boolean some = readFrom(channel) != null;
        releaseShown();
        return some;
    }

    private void releaseShown() throws SmcException {
        SmcPeek bytes = shown;
        if (bytes != null) {
            shown = null;
            bytes.release(length);
        }
    }

    @Override
    public boolean atEnd() {
        return end;
    }
}
