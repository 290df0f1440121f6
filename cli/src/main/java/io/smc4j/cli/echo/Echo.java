package io.smc4j.cli.echo;

import io.smc4j.SmcChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends what comes back to where it came from. */
final class Echo {
    private static final int BUFFER_BYTES = 64 * 1024;

    private Echo() {}

    /** Until the peer ends its output; then everything has been sent back and the own output ends too. @return bytes echoed */
    static long run(SmcChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long total = 0;
        while (channel.read(buffer) >= 0) {
            buffer.flip();
            total += buffer.remaining();
            channel.write(buffer);
            buffer.clear();
        }
        channel.shutdownOutput();
        return total;
    }
}
