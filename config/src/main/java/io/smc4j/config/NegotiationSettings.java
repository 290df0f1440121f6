package io.smc4j.config;

import java.time.Duration;
import java.util.Locale;

/**
 * How two ends find out that the other speaks SMC ({@code smc4j.negotiation}).
 *
 * @param strategy how
 * @param recognitionTimeout a listener's wait for the first byte of a client that did not announce itself
 */
public record NegotiationSettings(Strategy strategy, Duration recognitionTimeout) {

    /** How a client decides whether to propose SMC. */
    public enum Strategy {
        /** If the listener left a record on this host. */
        RENDEZVOUS,
        /** Always. */
        EXPLICIT;

        /** The value as written in the configuration. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static NegotiationSettings read(SettingsBlock negotiation) {
        return new NegotiationSettings(
                negotiation.choice("strategy", Strategy.class, Strategy::label),
                negotiation.duration("recognition-timeout", Duration.ofMillis(1), Duration.ofSeconds(10)));
    }
}
