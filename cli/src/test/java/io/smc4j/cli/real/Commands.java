package io.smc4j.cli.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.cli.Main;
import io.smc4j.cli.output.Json;
import io.smc4j.testkit.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Starts commands that share a directory of shared memory which nobody else uses. */
final class Commands implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);

    /** What belongs to the directory and not to a process. */
    private static final List<String> FIXTURES = List.of("fabric");

    private final Path sharedMemory;
    private final List<ChildJvm> children = new ArrayList<>();

    Commands() throws IOException {
        sharedMemory = Files.createTempDirectory(Path.of("/dev/shm"), "smc4j-cli-test-");
    }

    ChildJvm start(String... arguments) {
        ChildJvm child = ChildJvm.of(Main.class)
                .name(arguments[0])
                .jvmArguments("-XX:TieredStopAtLevel=1") // starts sooner, and nothing here is measured
                .arguments("-Dsmc4j.shared-memory-directory=" + sharedMemory)
                .arguments(arguments)
                .start();
        children.add(child);
        return child;
    }

    /** The address a server started with {@code --json} says it listens on. */
    static String address(ChildJvm server) throws InterruptedException {
        return "127.0.0.1:" + port(server);
    }

    static int port(ChildJvm server) throws InterruptedException {
        return Json.parse(server.awaitLine("{\"event\":\"listening\"", SOON))
                .number("port")
                .orElseThrow()
                .intValue();
    }

    /** Runs a command to its successful end. @return the JSON object it printed last */
    Json run(String... arguments) throws InterruptedException {
        ChildJvm child = start(arguments);
        int code = child.awaitExit(SOON);
        assertThat(code).as("exit code, output: %s", child.output()).isZero();
        return Json.parse(child.output().stream()
                .filter(line -> line.startsWith("out: {"))
                .toList()
                .getLast()
                .substring("out: ".length()));
    }

    /** Files of processes in the shared memory directory. */
    List<String> sharedFiles() throws IOException {
        try (Stream<Path> files = Files.walk(sharedMemory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !FIXTURES.contains(name))
                    .toList();
        }
    }

    @Override
    public void close() throws IOException {
        children.forEach(ChildJvm::close);
        try (Stream<Path> files = Files.walk(sharedMemory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
