package io.smc4j.cli.dissect.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A stream read in large pieces, with a view of the bytes ahead. */
final class ByteSource {
    private static final int PIECE = 1 << 18;

    private final InputStream in;
    private byte[] buffer = new byte[PIECE];
    private int start;
    private int end;
    private long consumed;

    ByteSource(InputStream in) {
        this.in = in;
    }

    /** Whether so many bytes are ahead; reads on until they are or the stream ends. */
    boolean has(int length) throws IOException {
        if (end - start >= length) {
            return true;
        }
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (buffer.length < length) {
            buffer = Arrays.copyOf(buffer, length + PIECE);
        }
        while (end < length) {
            int read = in.read(buffer, end, buffer.length - end);
            if (read < 0) {
                return false;
            }
            end += read;
        }
        return true;
    }

    /** Bytes ahead, which {@link #has} has made sure of; valid until it is called again. Big-endian. */
    ByteBuffer bytes(int offset, int length) {
        return ByteBuffer.wrap(buffer, start + offset, length).slice();
    }

    /** Goes on behind so many bytes. */
    void skip(int length) {
        start += length;
        consumed += length;
    }

    /** How many bytes are ahead without reading. */
    int available() {
        return end - start;
    }

    /** How many bytes lie behind. */
    long position() {
        return consumed;
    }
}
