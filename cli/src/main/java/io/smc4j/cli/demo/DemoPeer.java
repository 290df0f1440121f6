package io.smc4j.cli.demo;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one connection. A part of the file is received into memory that is there already and checked afterwards,
 * so that what is measured is the transport and neither a disk nor SHA-256.
 */
final class DemoPeer implements AutoCloseable {
    private static final int ECHO_BUFFER = 64 * 1024;

    private final ByteChannel channel;
    private final Arena arena = Arena.ofShared();
    private final ByteBuffer request = ByteBuffer.allocate(Wire.REQUEST_BYTES);
    private final ByteBuffer echo = ByteBuffer.allocateDirect(ECHO_BUFFER);
    private final MessageDigest digest = sha256();
    private @Nullable ByteBuffer part;
    private long length;

    DemoPeer(ByteChannel channel) {
        this.channel = channel;
    }

    /** Serves until the client ends its output. @return bytes of all files */
    long serve() throws IOException {
        long total = 0;
        while (nextRequest()) {
            long count = request.getLong(1);
            switch (request.get(0)) {
                case Wire.ECHO -> echo(count);
                case Wire.PART -> {
                    receive(count);
                    total += count;
                }
                case Wire.SUM -> sum();
                default -> throw new IOException("the client asked for 0x%02x".formatted(request.get(0)));
            }
        }
        return total;
    }

    @Override
    public void close() {
        arena.close();
    }

    private boolean nextRequest() throws IOException {
        request.clear();
        while (request.hasRemaining()) {
            if (channel.read(request) < 0) {
                if (request.position() == 0) {
                    return false;
                }
                throw new EOFException("the client closed the connection in the middle of a request");
            }
        }
        return true;
    }

    private void echo(long count) throws IOException {
        for (long left = count; left > 0; left -= echo.limit()) {
            echo.clear().limit((int) Math.min(left, ECHO_BUFFER));
            if (channel.read(echo) < 0) {
                throw new EOFException("the client closed the connection in the middle of round trips");
            }
            channel.write(echo.flip());
        }
    }

    private void receive(long count) throws IOException {
        if (count < 0 || count > Wire.LARGEST_PART) {
            throw new IOException("the client announced a part of " + count + " bytes");
        }
        ByteBuffer target = memory((int) count);
        Wire.fill(channel, target);
        answer(Wire.RECEIVED);
        digest.update(target.flip());
        length += count;
        answer(Wire.HASHED);
    }

    private void answer(byte what) throws IOException {
        channel.write(ByteBuffer.allocate(1).put(what).flip());
    }

    private void sum() throws IOException {
        channel.write(ByteBuffer.allocate(Long.BYTES + Wire.SHA_BYTES)
                .putLong(length)
                .put(digest.digest())
                .flip());
        length = 0;
    }

    /** Memory for a part; allocating it writes to every page, so that none is missing when the bytes come. */
    private ByteBuffer memory(int count) {
        ByteBuffer have = part;
        if (have == null || have.capacity() < count) {
            MemorySegment segment = arena.allocate(count);
            have = segment.asByteBuffer();
            part = have;
        }
        return have.clear().limit(count);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
