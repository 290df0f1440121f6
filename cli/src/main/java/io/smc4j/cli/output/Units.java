package io.smc4j.cli.output;

import java.util.Locale;

/** Numbers as people read them; decimal units (1 MB = 1,000,000 bytes), a dot for the fraction whatever the locale. */
public final class Units {
    private static final double NANOS_PER_SECOND = 1e9;

    private Units() {}

    /** For example {@code 999 B}, {@code 1.5 kB}, {@code 146.0 MB}. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB", "PB", "EB"};
        double value = bytes / 1000.0;
        int unit = 0;
        while (value >= 999.95 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    /** MB/s, or 0 if no time passed. */
    public static double megabytesPerSecond(long bytes, long nanos) {
        return nanos <= 0 ? 0 : bytes / 1e6 / (nanos / NANOS_PER_SECOND);
    }

    /** For example {@code 0.42 s}. */
    public static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.2f s", nanos / NANOS_PER_SECOND);
    }

    /** Microseconds with as many digits as matter: {@code 0.52}, {@code 12.3}, {@code 456}. */
    public static String micros(double micros) {
        String format = micros < 10 ? "%.2f" : micros < 100 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, format, micros);
    }

    /** Rounded to {@code digits} decimals, for JSON. */
    public static double round(double value, int digits) {
        double factor = Math.pow(10, digits);
        return Math.round(value * factor) / factor;
    }
}
