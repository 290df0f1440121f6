package io.smc4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                         | No command given",
                "pong                                       | pong",
                "ping                                       | Missing required parameter: 'HOST:PORT'",
                "ping nowhere                               | expected HOST:PORT",
                "ping 127.0.0.1:0                           | between 1 and 65535",
                "ping 127.0.0.1:70000                       | between 1 and 65535",
                "ping --transport rdma 127.0.0.1:1          | expected one of auto, smc-r, smc-d, tcp",
                "ping --negotiation magic 127.0.0.1:1       | expected one of rendezvous, explicit",
                "ping --count 0 127.0.0.1:1                 | --count must be between",
                "ping --count many 127.0.0.1:1              | 'many' is not an int",
                "ping --wat 127.0.0.1:1                     | --wat",
                "ping -Dpekko.loglevel=DEBUG 127.0.0.1:1    | only keys under smc4j",
                "ping -Dsmc4j.no-such-key=1 127.0.0.1:1     | smc4j.no-such-key",
                "ping -Dsmc4j.transport=pigeon 127.0.0.1:1  | smc4j.transport",
                "ping -c /nonexistent/x.conf 127.0.0.1:1    | there is no such file",
                "serve --port 70000                         | --port must be between",
                "serve --dir /nonexistent                   | not a directory",
                "send /nonexistent 127.0.0.1:1              | there is no such file",
                "send / 127.0.0.1:1                         | names no file",
                "send --as a/b /etc/passwd 127.0.0.1:1      | contains a path",
                "perf --quick                               | ./smc4j perf",
                "demo --file /etc/hostname                  | 100 MB",
                "demo --file /nonexistent                   | not a readable file",
            })
    void shouldRefuseBadInputWithOneLineAndExitCode2(String line, String reason) throws Exception {
        CliRun run = CliRun.of(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).hasSize(1);
        assertThat(run.err().getFirst()).startsWith("smc4j: ").contains(reason);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void shouldNameFileAndPlaceOfABrokenConfiguration(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("broken.conf"), "smc4j { transport = ");
        CliRun run = CliRun.of("ping", "-c", file.toString(), "127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).hasSize(1);
        assertThat(run.err().getFirst()).contains("broken.conf");
    }

    @Test
    void shouldShowAStackTraceOnlyWithDebug() throws Exception {
        assertThat(CliRun.of("send", "/nonexistent", "127.0.0.1:1").err()).hasSize(1);
        assertThat(CliRun.of("--debug", "send", "/nonexistent", "127.0.0.1:1").err())
                .anyMatch(line -> line.contains("NoSuchFileException"));
    }

    @Test
    void shouldFailWithExitCode1WhenNobodyListens() throws Exception {
        CliRun run = CliRun.of("ping", "127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().contains("127.0.0.1:1").contains("Connection refused");
    }

    @Test
    void shouldGiveExamplesInHelpAndAVersion() throws Exception {
        for (String command : new String[] {"demo", "serve", "send", "echo-server", "ping"}) {
            CliRun help = CliRun.of(command, "--help");
            assertThat(help.exitCode()).isZero();
            assertThat(help.out()).anyMatch(line -> line.startsWith("  smc4j " + command));
            assertThat(help.out()).allMatch(line -> line.length() <= 80);
        }
        assertThat(CliRun.of("--help").out()).noneMatch(line -> line.contains("demo-server"));
        assertThat(CliRun.of("--version").out()).first().asString().matches("smc4j \\d+\\.\\d+.*");
    }
}
