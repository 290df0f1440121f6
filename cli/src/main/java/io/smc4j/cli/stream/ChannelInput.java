package io.smc4j.cli.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Objects;

/** The incoming bytes of a connection as a blocking stream; tells a guard about every byte that comes. */
public final class ChannelInput extends InputStream {
    private final ReadableByteChannel channel;
    private final IdleGuard guard;
    private final ByteBuffer single = ByteBuffer.allocate(1);
    private volatile boolean ended;

    public ChannelInput(ReadableByteChannel channel, IdleGuard guard) {
        this.channel = channel;
        this.guard = guard;
    }

    @Override
    public int read() throws IOException {
        single.clear();
        return transfer(single) < 0 ? -1 : Byte.toUnsignedInt(single.get(0));
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        return length == 0 ? 0 : transfer(ByteBuffer.wrap(target, offset, length));
    }

    /** Whether the peer has ended its output. */
    public boolean ended() {
        return ended;
    }

    private int transfer(ByteBuffer target) throws IOException {
        try {
            int count = channel.read(target);
            guard.touch();
            ended = count < 0;
            return count;
        } catch (IOException e) {
            throw guard.explain(e);
        }
    }
}
