package io.smc4j.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.TransportPreference;
import io.smc4j.testkit.process.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node with open connections that carry nothing costs next to nothing; the yardstick is an actor system without a node (its timer ticks). */
@Timeout(90)
class IdleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final long WINDOW_NANOS = 3_000_000_000L;
    private static final double MOST = 0.02;

    /** Of what the bare process takes: only a machine on which that is much allows more than {@link #MOST}. */
    private static final double TIMES = 2.5;

    @ParameterizedTest
    @EnumSource(
            value = TransportPreference.class,
            names = {"SMC_R", "SMC_D"})
    void shouldUseLessThanTwoPercentOfACoreWithAHundredConnections(TransportPreference transport) throws Exception {
        double with = least(transport, 100, MOST);
        System.out.printf("100 idle connections over %s, both ends: %.2f %% of a core%n", transport, 100 * with);
        if (with >= MOST) {
            double without = least(transport, 0, 0);
            System.out.printf("a process without any: %.2f %%%n", 100 * without);
            assertThat(with).isLessThan(TIMES * without);
        }
    }

    /** The least share of a core in a few windows: the first include the compiler's work. Ends early with less than {@code enough}. */
    private static double least(TransportPreference transport, int connections, double enough) throws Exception {
        Path shm = TestNodes.newSharedMemory();
        try (ChildJvm node = ChildJvm.of(Peer.class)
                .arguments(
                        shm.toString(),
                        transport.name(),
                        connections == 0 ? "bare" : "idle",
                        Integer.toString(connections))
                .start()) {
            node.awaitLine("idle", PATIENCE);
            double least = 1;
            for (int window = 0; window < 4 && least >= enough; window++) {
                long[] before = sample(node, transport, connections);
                LockSupport.parkNanos(WINDOW_NANOS);
                long[] after = sample(node, transport, connections);
                least = Math.min(least, (double) (after[0] - before[0]) / (after[1] - before[1]));
            }
            return least;
        } finally {
            TestNodes.delete(shm);
        }
    }

    private static long[] sample(ChildJvm node, TransportPreference transport, int connections)
            throws InterruptedException {
        node.send("cpu");
        String line = node.awaitLine("cpu ", PATIENCE);
        assertThat(line)
                .endsWith(
                        " of " + 2 * connections + " ends over " + (connections == 0 ? "nothing" : transport.label()));
        String[] words = line.split(" ", 4);
        return new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])};
    }
}
