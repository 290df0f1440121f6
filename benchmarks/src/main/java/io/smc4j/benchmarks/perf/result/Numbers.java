package io.smc4j.benchmarks.perf.result;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as people read them. */
public final class Numbers {
    private static final int DIGITS = 3;
    private static final double THOUSAND = 1000;

    private Numbers() {}

    /** Three significant digits, thousands with commas, nothing finer than a thousandth. */
    public static String significant(double value) {
        if (Math.abs(value) >= THOUSAND) {
            BigDecimal rounded = new BigDecimal(value).round(new MathContext(DIGITS));
            return String.format(Locale.ROOT, "%,d", rounded.longValue());
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(DIGITS));
        return plain(rounded.setScale(Math.min(DIGITS, Math.max(0, rounded.scale())), RoundingMode.HALF_UP)
                .doubleValue());
    }

    /** As short as it can be written. */
    public static String plain(double value) {
        return new BigDecimal(Double.toString(value)).stripTrailingZeros().compareTo(new BigDecimal((long) value)) == 0
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
}
