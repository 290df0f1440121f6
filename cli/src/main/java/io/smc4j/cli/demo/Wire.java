package io.smc4j.cli.demo;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/**
 * What the demo's client asks of its server, over the connection that is being measured, and the small answers.
 *
 * <pre>
 *   request: 1 byte what, 8 bytes how many
 *     'E' n   the next n bytes are sent back as they come
 *     'F' n   the next n bytes are a part of the file: 'R' when they are there, 'H' when they are also checked
 *     'S' 0   the file is complete: 8 bytes of length and 32 of SHA-256, and a new file may begin
 * </pre>
 */
final class Wire {
    static final byte ECHO = 'E';
    static final byte PART = 'F';
    static final byte SUM = 'S';
    static final byte RECEIVED = 'R';
    static final byte HASHED = 'H';
    static final int REQUEST_BYTES = 1 + Long.BYTES;
    static final int SHA_BYTES = 32;

    /** Largest part of a file: as much memory as the server needs to receive without looking at the bytes at once. */
    static final int LARGEST_PART = 256 * 1024 * 1024;

    private Wire() {}

    static void request(ByteChannel channel, byte what, long count) throws IOException {
        channel.write(
                ByteBuffer.allocate(REQUEST_BYTES).put(what).putLong(count).flip());
    }

    /** Fills the rest of {@code target}. @throws EOFException if the peer ends before that */
    static void fill(ByteChannel channel, ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw new EOFException(
                        "the peer closed the connection, " + target.remaining() + " bytes were still expected");
            }
        }
    }

    /** Waits for one of the server's one-byte answers. */
    static void await(ByteChannel channel, byte expected) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(1);
        fill(channel, answer);
        if (answer.get(0) != expected) {
            throw new IOException("the server answered 0x%02x instead of 0x%02x".formatted(answer.get(0), expected));
        }
    }
}
