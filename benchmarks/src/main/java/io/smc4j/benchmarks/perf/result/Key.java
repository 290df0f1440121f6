package io.smc4j.benchmarks.perf.result;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.PeerName;

/**
 * What a figure is about.
 *
 * @param peer label of the peer
 * @param caseName label of the case
 * @param size bytes of a message or a chunk
 * @param metric what was measured
 */
public record Key(String peer, String caseName, int size, Metric metric) {
    public static Key of(PeerName peer, Case measured, Metric metric) {
        return new Key(peer.label(), measured.label(), measured.size(), metric);
    }
}
