package io.smc4j.cli.soak;

import io.smc4j.TransportPreference;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What all connections of a peer share.
 *
 * @param seed of the run
 * @param peer 0 or 1
 * @param incarnation how often this peer was restarted
 * @param transports what connections ask for, in equal parts
 * @param watch all that should get on
 * @param over opened when the traffic is to end: pauses end early
 */
record Surroundings(
        long seed, int peer, int incarnation, List<TransportPreference> transports, Watch watch, CountDownLatch over) {
    Surroundings {
        transports = List.copyOf(transports);
    }

    /** A pause, cut short by the end of the traffic. @return whether that has come */
    boolean pause(long millis) throws InterruptedException {
        return over.await(millis, TimeUnit.MILLISECONDS);
    }

    boolean isOver() {
        return over.getCount() == 0;
    }
}
