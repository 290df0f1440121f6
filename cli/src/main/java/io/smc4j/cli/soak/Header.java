package io.smc4j.cli.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * What the initiator sends first, big-endian.
 *
 * <pre>
 * 0  int   0x534F414B ("SOAK")
 * 4  int   0
 * 8  long  number of the connection
 * </pre>
 */
final class Header {
    static final int BYTES = 16;
    private static final int MAGIC = 0x534F414B;

    private Header() {}

    static ByteBuffer of(long id) {
        return ByteBuffer.allocate(BYTES).putInt(MAGIC).putInt(0).putLong(id).flip();
    }

    /**
     * Reads one.
     *
     * @return the number of the connection; -1 if the stream ends before it
     * @throws IOException if the connection fails, or something else arrives
     */
    static long read(ReadableByteChannel channel) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BYTES);
        while (header.hasRemaining()) {
            if (channel.read(header) < 0) {
                return -1;
            }
        }
        header.flip();
        if (header.getInt() != MAGIC || header.getInt() != 0 || header.getLong(8) < 0) {
            throw new IOException(
                    "the first bytes are " + java.util.HexFormat.of().formatHex(header.array())
                            + ", which no peer sent: they belong to something else");
        }
        return header.getLong();
    }
}
