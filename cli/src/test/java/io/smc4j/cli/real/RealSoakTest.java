package io.smc4j.cli.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.smc4j.testkit.process.ChildJvm;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A short soak, over both transports at once, from a seed that is new each time: {@code -Dsmc4j.seed} repeats one. */
@Timeout(300)
class RealSoakTest {
    private static final Duration WHOLE = Duration.ofMinutes(4);
    private static final long SEED =
            Long.getLong("smc4j.seed", ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));

    /** A busy machine is slow, which must not look like trouble: deadlines are longer than by default. */
    private static final String[] PATIENT = {
        "-Dsmc4j.clc.timeout=30s",
        "-Dsmc4j.llc.wait=6s",
        "-Dsmc4j.llc.client-confirm-link-wait=12s",
        "-Dsmc4j.link-group.termination-deadline=15s"
    };

    @Test
    void shouldLoseNothingLeakNothingAndHangNowhere() throws Exception {
        Map<String, Object> result = soak("--seconds=8", "--hang-after=75", "--connections=8");

        assertThat(result)
                .containsEntry("lostBytes", 0)
                .containsEntry("leaks", 0)
                .containsEntry("hangs", 0);
        assertThat((Integer) result.get("connections")).isPositive();
        assertThat(((Number) result.get("bytes")).longValue()).isPositive();
        assertThat((Map<?, ?>) result.get("faults")).isNotEmpty();
        assertThat(result)
                .containsKeys(
                        "connections",
                        "bytes",
                        "faults",
                        "failovers",
                        "aborts",
                        "lostBytes",
                        "leaks",
                        "hangs",
                        "longestStallMillis");
    }

    @Test
    void shouldRestartAPeerThatWasKilled() throws Exception {
        Map<String, Object> result =
                soak("--seconds=6", "--hang-after=75", "--connections=4", "--faults=kill", "--fault-rate=0.4");

        assertThat(result)
                .containsEntry("lostBytes", 0)
                .containsEntry("leaks", 0)
                .containsEntry("hangs", 0);
    }

    private static Map<String, Object> soak(String... arguments) throws Exception {
        try (Commands commands = new Commands()) {
            String[] all = new String[PATIENT.length + arguments.length + 3];
            System.arraycopy(PATIENT, 0, all, 0, PATIENT.length);
            all[PATIENT.length] = "soak";
            all[PATIENT.length + 1] = "--json";
            all[PATIENT.length + 2] = "--seed=" + SEED;
            System.arraycopy(arguments, 0, all, PATIENT.length + 3, arguments.length);
            ChildJvm soak = commands.start(all);
            assertThat(soak.awaitExit(WHOLE))
                    .as("exit code with -Dsmc4j.seed=%d, output: %s", SEED, String.join("\n", soak.output()))
                    .isZero();
            assertThat(commands.sharedFiles()).isEmpty();
            String last = soak.output().stream()
                    .filter(line -> line.startsWith("out: {"))
                    .toList()
                    .getLast()
                    .substring("out: ".length());
            return JSON.std.mapFrom(last);
        }
    }
}
