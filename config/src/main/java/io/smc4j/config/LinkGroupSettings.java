package io.smc4j.config;

import java.time.Duration;

/**
 * Link groups ({@code smc4j.link-group}).
 *
 * @param idleTimeoutServer how long a group without connections is kept on the server, and any SMC-D group
 * @param idleTimeoutClient the same on the client of an SMC-R group; longer than the server's
 * @param terminationDeadline deadline of each step of termination
 * @param maxMemory most bytes of registered memory of this node
 */
public record LinkGroupSettings(
        Duration idleTimeoutServer, Duration idleTimeoutClient, Duration terminationDeadline, long maxMemory) {

    private static final Duration SHORTEST_IDLE = Duration.ofMillis(1);

    static LinkGroupSettings read(SettingsBlock linkGroup) {
        LinkGroupSettings settings = new LinkGroupSettings(
                linkGroup.duration("idle-timeout-server", SHORTEST_IDLE, Duration.ofHours(24)),
                linkGroup.duration("idle-timeout-client", SHORTEST_IDLE, Duration.ofHours(25)),
                linkGroup.duration("termination-deadline", Duration.ofMillis(10), Duration.ofMinutes(10)),
                linkGroup.bytes("max-memory", Units.MIB, Units.TIB));
        if (linkGroup.sound() && settings.idleTimeoutClient.compareTo(settings.idleTimeoutServer) <= 0) {
            linkGroup.problem(
                    "idle-timeout-client",
                    "must be longer than smc4j.link-group.idle-timeout-server ("
                            + Units.text(settings.idleTimeoutServer) + "), so that the server gives the group up first",
                    "set it to " + Units.text(settings.idleTimeoutServer.plusSeconds(10)) + " or more");
        }
        return settings;
    }
}
