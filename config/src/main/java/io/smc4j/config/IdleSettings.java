package io.smc4j.config;

import java.time.Duration;
import java.util.Locale;

/**
 * What a thread does that waits for data, space or completions ({@code smc4j.idle}).
 *
 * @param strategy what
 * @param spinTime how long {@link Strategy#ADAPTIVE} spins before it yields
 * @param maxPark longest time parked at once
 */
public record IdleSettings(Strategy strategy, Duration spinTime, Duration maxPark) {

    /** How to wait. */
    public enum Strategy {
        /** Busy: lowest latency, a whole core. */
        SPIN,
        /** Busy, but leaves the core to others. */
        YIELD,
        /** Sleeps until woken. */
        PARK,
        /** Spins, yields, then parks. */
        ADAPTIVE;

        /** The value as written in the configuration. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static IdleSettings read(SettingsBlock idle) {
        return new IdleSettings(
                idle.choice("strategy", Strategy.class, Strategy::label),
                idle.duration("spin-time", Duration.ZERO, Duration.ofMillis(10)),
                idle.duration("max-park", Duration.ofMillis(1), Duration.ofSeconds(10)));
    }
}
