package io.smc4j.cli.dissect.report;

/** Numbers as text, without the cost of format strings: a capture has millions of them. */
final class Numbers {
    private static final int NANOS_PER_MICRO = 1_000;
    private static final int MICROS_PER_SECOND = 1_000_000;

    private Numbers() {}

    /** {@code 0x} and the digits there are. */
    static StringBuilder hex(StringBuilder out, int value) {
        return out.append("0x").append(Integer.toHexString(value));
    }

    static StringBuilder hex(StringBuilder out, long value) {
        return out.append("0x").append(Long.toHexString(value));
    }

    /** {@code 0x} and two digits. */
    static StringBuilder hexByte(StringBuilder out, int value) {
        return out.append(value < 16 ? "0x0" : "0x").append(Integer.toHexString(value));
    }

    /** Seconds with six decimals. */
    static StringBuilder seconds(StringBuilder out, long nanos) {
        long micros = Math.floorDiv(nanos, NANOS_PER_MICRO);
        if (micros < 0) {
            out.append('-');
            micros = -micros;
        }
        out.append(micros / MICROS_PER_SECOND).append('.');
        return padded(out, micros % MICROS_PER_SECOND, 6);
    }

    /** Seconds with nine decimals. */
    static StringBuilder exactSeconds(StringBuilder out, long nanos) {
        out.append(Math.floorDiv(nanos, 1_000_000_000L)).append('.');
        return padded(out, Math.floorMod(nanos, 1_000_000_000L), 9);
    }

    private static StringBuilder padded(StringBuilder out, long value, int digits) {
        String text = Long.toString(value);
        for (int i = text.length(); i < digits; i++) {
            out.append('0');
        }
        return out.append(text);
    }

    /** The text, moved right to a width. */
    static StringBuilder right(StringBuilder out, String text, int width) {
        for (int i = text.length(); i < width; i++) {
            out.append(' ');
        }
        return out.append(text);
    }
}
