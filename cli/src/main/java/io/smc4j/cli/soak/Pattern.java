package io.smc4j.cli.soak;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of one direction of one connection. The value at a position depends on seed, connection, direction and position, so
 * that a lost, repeated or misplaced byte, or one of another connection, is seen. Immutable.
 */
final class Pattern {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final int FAR = 1 << 20;
    private static final int PROOF = 24;

    private final long key;

    /** @param toAcceptor the direction */
    Pattern(long seed, long connection, boolean toAcceptor) {
        key = mix(mix(seed + connection * GOLDEN) + (toAcceptor ? 1 : 2));
    }

    /** Fills what remains of {@code buffer} with the bytes from {@code position} on. */
    void fill(ByteBuffer buffer, long position) {
        buffer.order(ByteOrder.LITTLE_ENDIAN);
        long at = position;
        while (buffer.hasRemaining()) {
            if ((at & 7) == 0 && buffer.remaining() >= Long.BYTES) {
                buffer.putLong(word(at >>> 3));
                at += Long.BYTES;
            } else {
                buffer.put(at(at++));
            }
        }
    }

    /** Compares what remains of {@code buffer}, which is left alone. @return index of the first wrong byte, or -1 */
    int mismatch(ByteBuffer buffer, long position) {
        ByteBuffer bytes = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int from = bytes.position();
        int to = bytes.limit();
        int i = from;
        while (i < to) {
            long at = position + (i - from);
            if ((at & 7) == 0 && to - i >= Long.BYTES && bytes.getLong(i) == word(at >>> 3)) {
                i += Long.BYTES;
            } else if (bytes.get(i) == at(at)) {
                i++;
            } else {
                return i - from;
            }
        }
        return -1;
    }

    /**
     * Where wrong bytes belong.
     *
     * @param buffer positioned at the first wrong byte
     * @return how much further on in the stream these bytes belong: positive if bytes are missing before them, negative if they
     *     were there before; 0 if they fit nowhere near
     */
    int displacement(ByteBuffer buffer, long position) {
        if (buffer.remaining() < PROOF) {
            return 0;
        }
        ByteBuffer proof = buffer.slice(buffer.position(), PROOF);
        for (int d = 1; d <= FAR; d++) {
            if (mismatch(proof, position + d) < 0) {
                return d;
            }
            if (position >= d && mismatch(proof, position - d) < 0) {
                return -d;
            }
        }
        return 0;
    }

    private byte at(long position) {
        return (byte) (word(position >>> 3) >>> ((position & 7) << 3));
    }

    private long word(long index) {
        return mix(key + index * GOLDEN);
    }

    /** Stafford's mix 13, as in SplitMix64. */
    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
