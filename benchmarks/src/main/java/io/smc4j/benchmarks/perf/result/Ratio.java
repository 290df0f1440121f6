package io.smc4j.benchmarks.perf.result;

import io.smc4j.cli.output.Json;
import java.util.Optional;

/**
 * A target and what was reached.
 *
 * @param caseName the case it is about
 * @param peer who is judged
 * @param versus against whom; {@code limit} where the target is a figure of its own
 * @param what the target in words
 * @param target the number that must be reached
 * @param ratio what was measured; empty if one of the two was not
 */
public record Ratio(String caseName, String peer, String versus, String what, Bound target, Optional<Double> ratio) {
    /** In place of a peer, where a figure is compared with a fixed number. */
    public static final String LIMIT = "limit";

    /** A number that must be reached, or not exceeded. */
    public record Bound(Sense sense, double value, String unit) {
        /** Which side is good. */
        public enum Sense {
            AT_LEAST("≥"),
            AT_MOST("≤"),
            BELOW("<");

            private final String sign;

            Sense(String sign) {
                this.sign = sign;
            }
        }

        public boolean holds(double measured) {
            return switch (sense) {
                case AT_LEAST -> measured >= value;
                case AT_MOST -> measured <= value;
                case BELOW -> measured < value;
            };
        }

        /** For example {@code ≥ 40×}. */
        @Override
        public String toString() {
            return sense.sign + " " + Numbers.plain(value) + unit;
        }
    }

    public boolean reached() {
        return ratio.map(target::holds).orElse(false);
    }

    /** {@code reached}, {@code missed}, or {@code not measured}. */
    public String verdict() {
        return ratio.isEmpty() ? "not measured" : reached() ? "reached" : "missed";
    }

    /** What was measured, as text: {@code 41.2×}, {@code 0.3 %}, or a dash. */
    public String measured() {
        return ratio.map(value -> Numbers.significant(value) + target.unit()).orElse("-");
    }

    Json toJson() {
        return Json.object()
                .put("case", caseName)
                .put("peer", peer)
                .put("versus", versus)
                .put("ratio", ratio)
                .put("what", what)
                .put("target", target.toString())
                .put("reached", ratio.isPresent() ? reached() : null);
    }
}
