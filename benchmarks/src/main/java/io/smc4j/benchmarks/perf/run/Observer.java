package io.smc4j.benchmarks.perf.run;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.benchmarks.perf.result.Failure;

/** Is told how a run goes. */
public interface Observer {
    /** Something is being made that later runs will find. */
    void preparing();

    /** Processes are being started. */
    void starting(int round, int rounds);

    /** A turn begins; {@code index} and {@code round} count from 1. */
    void turn(int index, int turns, int round, int rounds, Case measured, PeerName peer);

    void failed(Failure failure);
}
