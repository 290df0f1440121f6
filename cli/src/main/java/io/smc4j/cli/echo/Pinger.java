package io.smc4j.cli.echo;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/** Sends messages to an echo server, one after the other, checks that the same bytes come back, and records how long it took. */
public final class Pinger {
    /** Most bytes sent and not yet back: as long as two of the smallest receive buffers hold them, neither end can get stuck. */
    private static final int WINDOW = 32 * 1024;

    private static final long LONGEST_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final ByteChannel channel;
    private final ByteBuffer message;
    private final ByteBuffer answer;
    private long sequence;

    /** @param size bytes of a message */
    public Pinger(ByteChannel channel, int size) {
        this.channel = channel;
        this.message = ByteBuffer.allocateDirect(size);
        this.answer = ByteBuffer.allocateDirect(size);
        byte[] content = new byte[size];
        new SplittableRandom(size).nextBytes(content);
        message.put(content).flip();
    }

    /** An empty histogram for round trips in nanoseconds. */
    public static Histogram histogram() {
        return new Histogram(1, LONGEST_NANOS, DIGITS);
    }

    /** One round trip. @return nanoseconds. @throws IOException if the connection failed or other bytes came back */
    public long roundTrip() throws IOException {
        stamp();
        answer.clear();
        long start = System.nanoTime();
        int size = message.capacity();
        int sent = 0;
        while (answer.position() < size) {
            int room = Math.min(size - sent, WINDOW - (sent - answer.position()));
            if (room > 0) {
                channel.write(message.limit(sent + room).position(sent));
                sent += room;
            }
            if (channel.read(answer.limit(sent)) < 0) {
                throw new EOFException("the server closed the connection after " + answer.position() + " of " + size
                        + " bytes of answer " + sequence);
            }
        }
        long nanos = System.nanoTime() - start;
        check();
        return nanos;
    }

    /** Makes every message another one, so that an answer to an earlier one does not pass. */
    private void stamp() {
        sequence++;
        message.clear();
        for (int i = 0; i < Math.min(Long.BYTES, message.capacity()); i++) {
            message.put(i, (byte) (sequence >>> (8 * i)));
        }
    }

    private void check() throws IOException {
        int wrong = message.clear().mismatch(answer.flip());
        if (wrong >= 0) {
            throw new IOException("other bytes came back: byte " + wrong + " of answer " + sequence + " is wrong");
        }
    }
}
