package io.smc4j.config;

import java.time.Duration;

/** Durations and sizes as people write them. */
final class Units {
    static final long KIB = 1024;
    static final long MIB = 1024 * KIB;
    static final long GIB = 1024 * MIB;
    static final long TIB = 1024 * GIB;

    private Units() {}

    /** In the largest unit that gives a whole number, so that it can be copied into a configuration file. */
    static String text(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos % 1_000_000_000L == 0) {
            long seconds = duration.toSeconds();
            if (seconds == 0) {
                return "0 s";
            }
            if (seconds % 3600 == 0) {
                return seconds / 3600 + " h";
            }
            if (seconds % 60 == 0) {
                return seconds == 60 ? "1 minute" : seconds / 60 + " minutes"; // the library knows no "min"
            }
            return seconds + " s";
        }
        if (nanos % 1_000_000 == 0) {
            return nanos / 1_000_000 + " ms";
        }
        return nanos % 1_000 == 0 ? nanos / 1_000 + " us" : nanos + " ns";
    }

    static String text(long bytes) {
        if (bytes % TIB == 0) {
            return bytes / TIB + " TiB";
        }
        if (bytes % GIB == 0) {
            return bytes / GIB + " GiB";
        }
        if (bytes % MIB == 0) {
            return bytes / MIB + " MiB";
        }
        return bytes % KIB == 0 ? bytes / KIB + " KiB" : bytes + " bytes";
    }
}
