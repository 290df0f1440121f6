package io.smc4j.benchmarks.perf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.GlobalOptions;
import io.smc4j.cli.node.ActorNode;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.output.Terminal;
import io.smc4j.testkit.process.ChildJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real thing with real processes, for so short a time that its figures mean nothing. */
class PerfSmokeTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Class<?> childMain, String... arguments) {
        CliContext context = new CliContext(
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Terminal.none(),
                new GlobalOptions(),
                ActorNode::open,
                childMain);
        return Main.run(context, arguments);
    }

    @Test
    void shouldMeasureSideBySideAndWriteWhatWasAskedFor(@TempDir Path directory) throws Exception {
        Path csv = directory.resolve("figures.csv");
        int exitCode = run(
                Main.class,
                "perf",
                "--quick",
                "--json",
                "--rounds=2",
                "--millis=30",
                "--peers=tcp,smc-d",
                "--cases=round-trip,bulk,connect",
                "--csv=" + csv,
                "--plots=" + directory);
        assertThat(exitCode).as(err.toString(UTF_8)).isZero();
        Json json = Json.parse(out.toString(UTF_8));
        assertThat(json.asMap()).containsKeys("results", "ratios");
        assertThat(csv)
                .content()
                .contains("smc-d,round-trip,64,p50,us,", "tcp,bulk,65536,throughput,GB/s,", "connect,1,per-second");
        assertThat(err.toString(UTF_8).lines())
                .contains("round 2 of 2: bulk 64 KiB")
                .doesNotHaveDuplicates();
        assertThat(directory.resolve("latency-percentiles.png")).isNotEmptyFile();
    }

    @Test
    void shouldReportADeadChildAndMeasureTheOthers() {
        int exitCode = run(
                MisbehavingMain.class,
                "perf",
                "--rounds=1",
                "--millis=20",
                "--peers=uds,tcp",
                "--cases=round-trip",
                "--sizes=64");
        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("Not measured:").containsPattern("tcp +[0-9.]+");
        assertThat(err.toString(UTF_8))
                .contains("not measured: uds", "ended with exit code 9", "no sockets today", "uds is left out");
    }

    @Test
    void shouldEndAllProcessesAndRemoveItsFilesWhenItIsToldToEnd() throws Exception {
        List<Path> before = files();
        try (ChildJvm perf = ChildJvm.of(Main.class)
                .arguments("perf", "--millis=60000", "--peers=uds", "--cases=round-trip", "--sizes=64")
                .start()) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (perf.output().stream().noneMatch(line -> line.contains("round-trip 64 B"))) {
                assertThat(System.nanoTime()).as("%s", perf.output()).isLessThan(deadline);
                Thread.onSpinWait();
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
            List<ProcessHandle> children =
                    ProcessHandle.of(perf.pid()).orElseThrow().children().toList();
            assertThat(children).hasSize(2);
            assertThat(files()).hasSizeGreaterThan(before.size());
            perf.terminate();
            assertThat(perf.awaitExit(PATIENCE)).isEqualTo(143);
            for (ProcessHandle child : children) {
                child.onExit().get(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
            }
        }
        assertThat(files()).isEqualTo(before);
    }

    private static List<Path> files() throws IOException {
        Path memory = Path.of("/dev/shm");
        Path place = Files.isDirectory(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> all = Files.list(place)) {
            return all.filter(path -> path.getFileName().toString().startsWith("smc4j-perf-"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void shouldRefuseWhatThereIsNotInOneLine() {
        for (String[] line : new String[][] {
            {"perf", "--peers=pigeon"},
            {"perf", "--cases=smell"},
            {"perf", "--rounds=0"},
            {"perf", "--sizes=7", "--cases=bulk"},
            {"perf", "-Dsmc4j.nonsense=1"},
            {"perf", "--from=/nonexistent"}
        }) {
            err.reset();
            assertThat(run(Main.class, line)).as(String.join(" ", line)).isEqualTo(2);
            assertThat(err.toString(UTF_8).lines()).singleElement().asString().startsWith("smc4j: ");
        }
    }
}
