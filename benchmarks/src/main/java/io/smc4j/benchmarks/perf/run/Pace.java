package io.smc4j.benchmarks.perf.run;

import java.time.Duration;

/**
 * How long the parts of a turn take.
 *
 * @param warmUp traffic before what is measured, so that code is compiled and buffers are touched: a lot of it
 * @param longestWarmUp how long one lot follows the other, at most, until the compilers of both processes have come to rest
 * @param longestConnectWarmUp as {@code longestWarmUp}, for opening connections: it runs far more code, far less often, so it lasts
 *     until it gets no faster
 * @param measured traffic that is measured
 * @param idle how long idle connections are watched
 * @param idleWindows how often they are; the least counts, for the compiler may still be at work on what opening them needed
 * @param idleBefore how long the processes are watched before they have connections, if at all; they are afterwards
 */
record Pace(
        Duration warmUp,
        Duration longestWarmUp,
        Duration longestConnectWarmUp,
        Duration measured,
        Duration idle,
        int idleWindows,
        Duration idleBefore) {
    /** The same, warming up no longer than that. */
    Pace within(Duration longest) {
        return new Pace(
                warmUp,
                shorter(longestWarmUp, longest),
                shorter(longestConnectWarmUp, longest),
                measured,
                idle,
                idleWindows,
                idleBefore);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The same with another warm-up, of one lot. */
    Pace warmedUp(Duration shorter) {
        return new Pace(shorter, shorter, shorter, measured, idle, idleWindows, idleBefore);
    }
}
