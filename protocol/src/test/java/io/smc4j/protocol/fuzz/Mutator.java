package io.smc4j.protocol.fuzz;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Bends bytes: bits, bytes, numbers at their edges, lengths, pieces of other messages. */
final class Mutator {
    private static final int MAX_LENGTH = 9_000;
    private static final int[] EDGES = {0, 1, 2, 7, 8, 9, 0x7F, 0x80, 0xFE, 0xFF};

    private final SplittableRandom random;

    Mutator(SplittableRandom random) {
        this.random = random;
    }

    /** A mutation of one message; {@code other} lends pieces. Neither is changed. */
    byte[] mutate(byte[] message, byte[] other) {
        byte[] bytes = message.clone();
        int steps = 1 + random.nextInt(random.nextInt(8) == 0 ? 16 : 3);
        for (int i = 0; i < steps; i++) {
            bytes = step(bytes, other);
        }
        return bytes;
    }

    /** Bytes without any sense. */
    byte[] noise() {
        byte[] bytes = new byte[random.nextInt(16) == 0 ? random.nextInt(MAX_LENGTH) : random.nextInt(256)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] step(byte[] bytes, byte[] other) {
        if (bytes.length == 0) {
            return other.clone();
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(9)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> bytes[at] = (byte) EDGES[random.nextInt(EDGES.length)];
            case 3 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
            case 4 ->
                Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(16)), (byte)
                        EDGES[random.nextInt(EDGES.length)]);
            case 5 -> {
                int length = Math.min(Math.min(bytes.length, other.length) - 1, random.nextInt(32));
                if (length > 0) {
                    int from = random.nextInt(other.length - length);
                    System.arraycopy(other, from, bytes, random.nextInt(bytes.length - length), length);
                }
            }
            case 6 -> {
                return resize(bytes, random.nextInt(bytes.length + 1));
            }
            case 7 -> {
                return resize(bytes, Math.min(MAX_LENGTH, bytes.length + 1 + random.nextInt(64)));
            }
            default -> {
                return agree(bytes);
            }
        }
        return bytes;
    }

    /** Another length; the last four bytes stay the last, so that a trailer survives half the time. */
    private byte[] resize(byte[] bytes, int length) {
        byte[] resized = Arrays.copyOf(bytes, length);
        if (random.nextBoolean() && length >= 4 && bytes.length >= 4) {
            System.arraycopy(bytes, bytes.length - 4, resized, length - 4, 4);
        }
        return random.nextBoolean() ? agree(resized) : resized;
    }

    /** Lets the length field say the truth, so that mutations get past the first check. */
    private byte[] agree(byte[] bytes) {
        int length = bytes.length;
        if (length > 8 && bytes[0] == (byte) 0xE2) {
            bytes[5] = (byte) (length >>> 8);
            bytes[6] = (byte) length;
        } else if (length > 3 && bytes[0] >>> 4 == 2) {
            boolean little = random.nextBoolean();
            bytes[little ? 1 : 2] = (byte) length;
            bytes[little ? 2 : 1] = (byte) (length >>> 8);
        } else if (length > 1) {
            bytes[1] = (byte) length;
        }
        return bytes;
    }
}
