package io.smc4j.config;

import java.time.Duration;

/**
 * The end of connections ({@code smc4j.close}).
 *
 * @param drainTimeout how long an orderly close waits for the peer to take what was written; zero: not at all
 */
public record CloseSettings(Duration drainTimeout) {
    static CloseSettings read(SettingsBlock close) {
        return new CloseSettings(close.duration("drain-timeout", Duration.ZERO, Duration.ofMinutes(10)));
    }
}
