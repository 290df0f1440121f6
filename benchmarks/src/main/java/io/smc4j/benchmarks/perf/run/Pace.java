package io.smc4j.benchmarks.perf.run;

import java.time.Duration;

/**
 * How long the parts of a turn take.
 *
 * @param warmUp traffic before what is measured, so that code is compiled and buffers are touched
 * @param connectWarmUp as {@code warmUp}, for opening connections: it runs far more code, far less often
 * @param measured traffic that is measured
 * @param idle how long idle connections are watched
 */
record Pace(Duration warmUp, Duration connectWarmUp, Duration measured, Duration idle) {
    /** The same with another warm-up. */
    Pace warmedUp(Duration shorter) {
        return new Pace(shorter, shorter, measured, idle);
    }
}
