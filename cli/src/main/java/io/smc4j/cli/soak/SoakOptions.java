package io.smc4j.cli.soak;

import io.smc4j.TransportPreference;
import io.smc4j.testkit.soak.Trouble;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What a run is asked to do.
 *
 * @param seconds how long traffic and faults last
 * @param seed of traffic and faults
 * @param transports what connections ask for
 * @param faults kinds
 * @param faultsPerSecond planned rate
 * @param slots how many connections each peer keeps open at once, bursts apart
 * @param hangSeconds how long something may make no progress
 * @param evidence directory for evidence, made if there is any
 */
record SoakOptions(
        long seconds,
        long seed,
        List<TransportPreference> transports,
        Set<Trouble> faults,
        double faultsPerSecond,
        int slots,
        long hangSeconds,
        Path evidence) {
    SoakOptions {
        transports = List.copyOf(transports);
        faults = Set.copyOf(faults);
    }
}
