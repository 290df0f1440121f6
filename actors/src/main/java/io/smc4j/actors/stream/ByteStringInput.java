package io.smc4j.actors.stream;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcPeek;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Takes bytes out of a channel with one copy, from the channel's memory into the array of an element. */
final class ByteStringInput implements ElementInput<ByteString> {
    private final int chunk;
    private boolean end;

    ByteStringInput(int chunk) {
        this.chunk = chunk;
    }

    @Override
    public @Nullable ByteString readFrom(SmcChannel channel) throws SmcException {
        SmcPeek bytes = channel.tryPeek();
        int count = (int) Math.min(chunk, bytes.length());
        end = count < 0;
        if (count <= 0) {
            return null;
        }
        byte[] copy = new byte[count];
        MemorySegment.copy(bytes.memory(), ValueLayout.JAVA_BYTE, bytes.offset(), copy, 0, count);
        bytes.release(count);
        return ByteString.fromArrayUnsafe(copy); // nobody else has it
    }

    @Override
    public boolean dropFrom(SmcChannel channel) throws SmcException {
        SmcPeek bytes = channel.tryPeek();
        long count = bytes.length();
        end = count < 0;
        if (count > 0) {
            bytes.release(count);
        }
        return count > 0;
    }

    @Override
    public boolean atEnd() {
        return end;
    }
}
