package io.smc4j.actors.channel;

import java.nio.ByteBuffer;

/** Questions about several buffers. */
final class Buffers {
    private Buffers() {}

    static boolean haveRemaining(ByteBuffer[] buffers, int offset, int length) {
        for (int i = 0; i < length; i++) {
            if (buffers[offset + i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }
}
