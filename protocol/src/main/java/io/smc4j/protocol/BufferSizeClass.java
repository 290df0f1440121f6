package io.smc4j.protocol;

/**
 * The compressed size of an RMBE or DMB: a code 0..15 that stands for {@code 16 KiB << code} bytes.
 *
 * <p>Linux uses 0..5 (16 to 512 KiB) for SMC-R and 0..6 (to 1 MiB) for SMC-D, newer kernels all of them for SMC-R.
 *
 * @param code the four bits on the wire
 */
public record BufferSizeClass(int code) {
    /** 16 KiB. */
    public static final BufferSizeClass SMALLEST = new BufferSizeClass(0);

    /** 512 MiB. */
    public static final BufferSizeClass LARGEST = new BufferSizeClass(15);

    private static final int SMALLEST_BYTES = 16 * 1024;

    /** @throws IllegalArgumentException if the code needs more than four bits */
    public BufferSizeClass {
        if (code < 0 || code > 15) {
            throw new IllegalArgumentException("A buffer size class is 0 to 15 (16 KiB to 512 MiB), not " + code);
        }
    }

    /**
     * The smallest class that holds so many bytes.
     *
     * @throws IllegalArgumentException if no class does: more than 512 MiB
     */
    public static BufferSizeClass atLeast(long bytes) {
        for (int code = 0; code <= 15; code++) {
            if ((long) SMALLEST_BYTES << code >= bytes) {
                return new BufferSizeClass(code);
            }
        }
        throw new IllegalArgumentException(
                "No SMC buffer holds " + bytes + " bytes: the largest has " + LARGEST.bytes());
    }

    /** The size in bytes. */
    public int bytes() {
        return SMALLEST_BYTES << code;
    }

    /** {@code 64K}, {@code 1M}. */
    @Override
    public String toString() {
        return code < 6 ? (16 << code) + "K" : (1 << (code - 6)) + "M";
    }
}
