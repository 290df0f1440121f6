package io.smc4j.benchmarks.perf.peer;

import io.smc4j.SmcChannel;
import io.smc4j.SmcClaim;
import io.smc4j.SmcPeek;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * smc4j's channel without copies of its own: the writer puts its bytes into claimed space, the reader takes them where they lie. So the
 * writer copies once, as for Aeron's {@code offer}, and the reader not at all, as in Aeron's {@code poll}.
 */
final class InPlaceWire implements Wire {
    /** Up to this size a message comes in one piece, or in two where the ring ends. */
    private static final int SMALL = 1024;

    private final SmcChannel channel;
    private final Segments sources = new Segments();
    private final Segments targets = new Segments();

    InPlaceWire(SmcChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        MemorySegment from = sources.of(source);
        while (source.hasRemaining()) {
            SmcClaim claim = channel.claim(source.remaining());
            int count = (int) claim.length();
            MemorySegment.copy(from, source.position(), claim.memory(), claim.offset(), count);
            claim.commit(count);
            source.position(source.position() + count);
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        SmcPeek bytes = channel.peek();
        if (bytes.length() < 0) {
            return -1;
        }
        int count = (int) Math.min(bytes.length(), target.remaining());
        MemorySegment.copy(bytes.memory(), bytes.offset(), targets.of(target), target.position(), count);
        bytes.release(count);
        target.position(target.position() + count);
        return count;
    }

    @Override
    public int skip(ByteBuffer scratch, int most) throws IOException {
        SmcPeek bytes = channel.peek();
        if (bytes.length() < 0) {
            return -1;
        }
        int count = (int) Math.min(bytes.length(), most);
        bytes.release(count);
        return count;
    }

    /** From memory to memory, piece by piece. */
    @Override
    public boolean echo(ByteBuffer message) throws IOException {
        if (message.capacity() > SMALL) {
            return Wire.super.echo(message); // to collect it first, as everybody does, takes a buffer
        }
        int remaining = message.capacity();
        while (remaining > 0) {
            SmcPeek bytes = channel.peek();
            if (bytes.length() < 0) {
                return false;
            }
            SmcClaim claim = channel.claim(Math.min(bytes.length(), remaining));
            int count = (int) claim.length();
            MemorySegment.copy(bytes.memory(), bytes.offset(), claim.memory(), claim.offset(), count);
            bytes.release(count);
            claim.commit(count);
            remaining -= count;
        }
        return true;
    }

    @Override
    public void close() {
        channel.close();
    }
}
