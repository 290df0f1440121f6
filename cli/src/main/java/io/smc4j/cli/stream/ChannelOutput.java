package io.smc4j.cli.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/** The outgoing bytes of a connection as a blocking stream without a buffer; tells a guard about every byte that went. */
public final class ChannelOutput extends OutputStream {
    private final WritableByteChannel channel;
    private final IdleGuard guard;

    public ChannelOutput(WritableByteChannel channel, IdleGuard guard) {
        this.channel = channel;
        this.guard = guard;
    }

    @Override
    public void write(int value) throws IOException {
        transfer(ByteBuffer.wrap(new byte[] {(byte) value}));
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        transfer(ByteBuffer.wrap(source, offset, length));
    }

    private void transfer(ByteBuffer source) throws IOException {
        try {
            while (source.hasRemaining()) {
                channel.write(source);
                guard.touch();
            }
        } catch (IOException e) {
            throw guard.explain(e);
        }
    }
}
