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

/** A node with open connections that carry nothing costs nothing. */
@Timeout(60)
class IdleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final long WINDOW_NANOS = 3_000_000_000L;

    @ParameterizedTest
    @EnumSource(
            value = TransportPreference.class,
            names = {"SMC_R", "SMC_D"})
    void shouldUseLessThanTwoPercentOfACoreWithAHundredConnections(TransportPreference transport) throws Exception {
        Path shm = TestNodes.newSharedMemory();
        try (ChildJvm node = ChildJvm.of(Peer.class)
                .arguments(shm.toString(), transport.name(), "idle", "100")
                .start()) {
            node.awaitLine("idle", PATIENCE);
            double least = 1;
            for (int window = 0; window < 4 && least >= 0.02; window++) { // the first includes the compiler's work
                long[] before = sample(node, transport);
                LockSupport.parkNanos(WINDOW_NANOS);
                long[] after = sample(node, transport);
                double share = (double) (after[0] - before[0]) / (after[1] - before[1]);
                System.out.printf(
                        "100 idle connections over %s, both ends: %.2f %% of a core%n", transport, 100 * share);
                least = Math.min(least, share);
            }
            assertThat(least).isLessThan(0.02);
        } finally {
            TestNodes.delete(shm);
        }
    }

    private static long[] sample(ChildJvm node, TransportPreference transport) throws InterruptedException {
        node.send("cpu");
        String line = node.awaitLine("cpu ", PATIENCE);
        assertThat(line).endsWith("over " + transport.label());
        String[] words = line.split(" ", 4);
        return new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])};
    }
}
