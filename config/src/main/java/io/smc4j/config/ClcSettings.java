package io.smc4j.config;

import java.time.Duration;

/**
 * Times of the handshake on the TCP connection ({@code smc4j.clc}).
 *
 * @param timeout longest wait for the peer's next CLC message
 * @param declineWait how long to look for the peer's DECLINE after an LLC timeout
 */
public record ClcSettings(Duration timeout, Duration declineWait) {
    static ClcSettings read(SettingsBlock clc) {
        return new ClcSettings(
                clc.duration("timeout", Duration.ofMillis(10), Duration.ofMinutes(5)),
                clc.duration("decline-wait", Duration.ofMillis(1), Duration.ofMinutes(1)));
    }
}
