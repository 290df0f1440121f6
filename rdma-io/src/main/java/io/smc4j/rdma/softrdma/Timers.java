package io.smc4j.rdma.softrdma;

/** The time codes of the InfiniBand verbs, in nanoseconds. */
final class Timers {
    /** Receiver-not-ready timer by code, in units of 10 µs (InfiniBand architecture specification, table "RNR NAK timer"). */
    private static final int[] RNR_10_MICROS = {
        65536, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096,
        6144, 8192, 12288, 16384, 24576, 32768, 49152
    };

    private Timers() {}

    /** @param code 0..31 */
    static long rnrNanos(int code) {
        return RNR_10_MICROS[code] * 10_000L;
    }

    /**
     * How long a request may stay unacknowledged on a path that does not answer.
     *
     * @return nanoseconds, or {@link Long#MAX_VALUE} for code 0, which means for ever
     */
    static long transportNanos(int timeoutCode, int retryCount) {
        return timeoutCode == 0 ? Long.MAX_VALUE : (4096L << timeoutCode) * (retryCount + 1);
    }
}
