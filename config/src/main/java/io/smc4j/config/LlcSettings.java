package io.smc4j.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Times of link control ({@code smc4j.llc}), SMC-R only.
 *
 * @param firstWait wait for CONFIRM LINK on an added link
 * @param messageWait wait for every other LLC message (key {@code wait})
 * @param clientConfirmLinkWait a client's wait for CONFIRM LINK on first contact; at least twice {@code messageWait}
 * @param flowInitiateWait longest wait for a running flow to end before an own one starts
 * @param testLinkInterval how often an idle link is tested; empty for never
 */
public record LlcSettings(
        Duration firstWait,
        Duration messageWait,
        Duration clientConfirmLinkWait,
        Duration flowInitiateWait,
        Optional<Duration> testLinkInterval) {

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    static LlcSettings read(SettingsBlock llc) {
        LlcSettings settings = new LlcSettings(
                llc.duration("first-wait", SHORTEST, LONGEST),
                llc.duration("wait", SHORTEST, LONGEST),
                llc.duration("client-confirm-link-wait", SHORTEST, LONGEST),
                llc.duration("flow-initiate-wait", SHORTEST, Duration.ofMinutes(10)),
                llc.durationOrOff("test-link-interval", SHORTEST, Duration.ofHours(1)));
        Duration twice = settings.messageWait.multipliedBy(2);
        if (llc.sound() && settings.clientConfirmLinkWait.compareTo(twice) < 0) {
            llc.problem(
                    "client-confirm-link-wait",
                    "must be at least twice smc4j.llc.wait (" + Units.text(settings.messageWait)
                            + "), else client and server give up at the same moment and their DECLINEs cross",
                    "set it to " + Units.text(twice) + " or more, or shorten smc4j.llc.wait");
        }
        return settings;
    }
}
