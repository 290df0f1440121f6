package io.smc4j.testkit.faults;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How likely faults are, per operation that they can strike.
 *
 * @param rates from 0 (never) to 1 (always), for kinds that a {@link FaultPlan} knows
 * @param longestDelay of what is delayed or withheld, on the devices' clock
 */
public record FaultRates(Map<FaultKind, Double> rates, Duration longestDelay) {
    public FaultRates {
        EnumMap<FaultKind, Double> copy = new EnumMap<>(FaultKind.class);
        copy.putAll(rates);
        copy.forEach((kind, rate) -> {
            if (!FaultPlan.KINDS.contains(kind)) {
                throw new IllegalArgumentException(kind + " cannot be planned, only " + FaultPlan.KINDS);
            }
            if (!(rate >= 0 && rate <= 1)) {
                throw new IllegalArgumentException("the rate of " + kind + " is between 0 and 1, not " + rate);
            }
        });
        rates = Collections.unmodifiableMap(copy);
    }

    /** No faults. */
    public static FaultRates none() {
        return new FaultRates(Map.of(), Duration.ofMillis(20));
    }

    /** What no byte may be lost by: delays, and links that fail, once in many thousand operations. */
    public static FaultRates harmless() {
        return none().with(FaultKind.SEND_DELAYED, 0.001)
                .with(FaultKind.COMPLETION_WITHHELD, 0.001)
                .with(FaultKind.RECEIVER_NOT_READY, 0.001)
                .with(FaultKind.SIGNAL_WITHHELD, 0.001)
                .with(FaultKind.COMPLETION_DUPLICATED, 0.001)
                .with(FaultKind.COMPLETED_INSIDE_POST, 0.001)
                .with(FaultKind.QUEUE_PAIR_BROKEN, 0.00002);
    }

    /** With another rate of a kind. */
    public FaultRates with(FaultKind kind, double rate) {
        EnumMap<FaultKind, Double> more = new EnumMap<>(FaultKind.class);
        more.putAll(rates);
        more.put(kind, rate);
        return new FaultRates(more, longestDelay);
    }

    /** With another longest delay. */
    public FaultRates withLongestDelay(Duration delay) {
        return new FaultRates(rates, delay);
    }

    double of(FaultKind kind) {
        return rates.getOrDefault(kind, 0.0);
    }
}
