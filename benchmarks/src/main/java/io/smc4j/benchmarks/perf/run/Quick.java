package io.smc4j.benchmarks.perf.run;

import static io.smc4j.benchmarks.perf.plan.PeerName.AERON;
import static io.smc4j.benchmarks.perf.plan.PeerName.PEKKO_TCP;
import static io.smc4j.benchmarks.perf.plan.PeerName.RING;
import static io.smc4j.benchmarks.perf.plan.PeerName.SMC_D;
import static io.smc4j.benchmarks.perf.plan.PeerName.SMC_D_PARK;
import static io.smc4j.benchmarks.perf.plan.PeerName.SMC_D_STREAMS;
import static io.smc4j.benchmarks.perf.plan.PeerName.SMC_D_TICKLESS;
import static io.smc4j.benchmarks.perf.plan.PeerName.SMC_R;
import static io.smc4j.benchmarks.perf.plan.PeerName.TCP;
import static io.smc4j.benchmarks.perf.plan.PeerName.UDS;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.PeerName;
import java.util.List;
import java.util.Set;

/** Who takes part in what in a quick run: only where a ratio needs it. */
public final class Quick {
    private Quick() {}

    /** In the order of tables. */
    public static List<PeerName> peers() {
        return List.of(RING, SMC_D, SMC_R, SMC_D_STREAMS, SMC_D_PARK, SMC_D_TICKLESS, TCP, UDS, PEKKO_TCP, AERON);
    }

    static boolean takesPart(PeerName peer, Case measured) {
        return switch (measured.kind()) {
            case ROUND_TRIP -> peer != UDS && peer != SMC_D_TICKLESS;
            case BULK -> Set.of(RING, SMC_D, SMC_D_STREAMS, TCP, UDS, PEKKO_TCP).contains(peer);
            // Opening a thousand connections takes seconds before it is compiled, so the same processes do both.
            case CONNECT -> peer == SMC_D_TICKLESS || peer == TCP;
            case IDLE -> peer == SMC_D_TICKLESS;
            default -> peer == SMC_D || peer == TCP;
        };
    }
}
