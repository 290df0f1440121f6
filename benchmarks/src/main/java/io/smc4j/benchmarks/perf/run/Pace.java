package io.smc4j.benchmarks.perf.run;

import java.time.Duration;

/**
 * How long the parts of a turn take.
 *
 * @param warmUp traffic before what is measured, so that code is compiled and buffers are touched
 * @param measured traffic that is measured
 * @param idle how long idle connections are watched
 */
record Pace(Duration warmUp, Duration measured, Duration idle) {
    /** The same with another warm-up. */
    Pace warmedUp(Duration shorter) {
        return new Pace(shorter, measured, idle);
    }
}
