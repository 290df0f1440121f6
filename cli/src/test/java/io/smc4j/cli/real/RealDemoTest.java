package io.smc4j.cli.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import io.smc4j.testkit.process.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class RealDemoTest {
    private static final Duration WHOLE = Duration.ofMinutes(3);

    @Test
    void shouldMoveTheFileOverEveryTransportAndSurviveTheDeathOfALink() throws Exception {
        try (Commands commands = new Commands()) {
            ChildJvm demo = commands.start("demo", "--json");
            assertThat(demo.awaitExit(WHOLE))
                    .as("exit code, output: %s", demo.output())
                    .isZero();
            String last = demo.output().stream()
                    .filter(line -> line.startsWith("out: "))
                    .toList()
                    .getLast()
                    .substring("out: ".length());
            List<Map<String, Object>> runs = runs(last);

            assertThat(runs).extracting("transport").containsExactly("smc-r", "smc-d", "tcp", "plain-tcp");
            assertThat(runs).extracting("sha256Match").containsOnly(true);
            assertThat(runs).extracting("bytesLost").containsOnly(0);
            assertThat(runs.get(0)).containsEntry("links", 2);
            assertThat((Integer) runs.get(0).get("failovers")).isPositive();
            assertThat((String) runs.get(2).get("fallbackReason")).contains("PEERNOSMC");
            assertThat(runs).allSatisfy(run -> {
                assertThat((Double) run.get("mbPerSecond")).isPositive();
                assertThat((Double) run.get("rttP50Micros")).isPositive();
                assertThat((Double) run.get("rttP99Micros")).isPositive();
            });
            assertThat(commands.sharedFiles()).isEmpty();
        }
    }

    @Test
    void shouldTakeItsProcessesWithItEvenIfItIsKilled() throws Exception {
        try (Commands commands = new Commands()) {
            ChildJvm demo = commands.start("demo");
            ProcessHandle handle = ProcessHandle.of(demo.pid()).orElseThrow();
            await().atMost(Commands.SOON).until(() -> handle.children().count() == 2);
            List<ProcessHandle> processes = handle.children().toList();
            demo.kill();

            await().atMost(Commands.SOON).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
            await().atMost(Commands.SOON).until(() -> commands.sharedFiles().isEmpty());
        }
    }

    @Test
    void shouldSayWhichProcessDiedAndFail() throws Exception {
        try (Commands commands = new Commands()) {
            ChildJvm demo = commands.start("demo", "--transport=smc-d");
            ProcessHandle handle = ProcessHandle.of(demo.pid()).orElseThrow();
            await().atMost(Commands.SOON).until(() -> handle.children().count() == 2);
            ProcessHandle server = handle.children()
                    .filter(child -> child.info().commandLine().orElse("").contains("demo-server"))
                    .findAny()
                    .orElseThrow();
            server.destroyForcibly();

            assertThat(demo.awaitExit(WHOLE)).isEqualTo(1);
            assertThat(String.join("\n", demo.output()))
                    .contains("the server process (pid " + server.pid() + ") was killed by signal 9")
                    .contains("the demo failed over smc-d");
        }
    }

    // Jackson's map of a JSON object, whose "runs" are a list of such maps.
    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> runs(String json) throws Exception {
        return (List<Map<String, Object>>) JSON.std.mapFrom(json).get("runs");
    }
}
