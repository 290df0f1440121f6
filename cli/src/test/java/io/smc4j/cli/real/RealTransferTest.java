package io.smc4j.cli.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smc4j.cli.output.Json;
import io.smc4j.testkit.process.ChildJvm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class RealTransferTest {
    private static final Duration DETECTION = Duration.ofSeconds(10);
    private static final long HUGE = 20_000_000_000L;

    @TempDir
    private Path directory = Path.of("");

    private Path inbox = Path.of("");
    private final Commands commands = commands();

    @BeforeEach
    void makeInbox() throws Exception {
        inbox = Files.createDirectory(directory.resolve("in"));
    }

    @AfterEach
    void close() throws Exception {
        commands.close();
    }

    @Test
    void shouldMoveAFile() throws Exception {
        byte[] content = new byte[5_000_001];
        new SplittableRandom(3).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);
        ChildJvm server = serve("--once");
        Json sent = commands.run("send", "--json", "--transport", "smc-r", file.toString(), Commands.address(server));

        assertThat(sent.text("transport")).hasValue("smc-r");
        assertThat(sent.number("links")).hasValue(2);
        assertThat(sent.flag("sha256Match")).isTrue();
        assertThat(server.awaitExit(Commands.SOON)).as("%s", server.output()).isZero();
        assertThat(inbox.resolve("file")).hasBinaryContent(content);
        assertThat(commands.sharedFiles()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"smc-r", "smc-d", "tcp"})
    void shouldEndTheSenderWithAClearErrorWhenTheServerIsKilled(String transport) throws Exception {
        ChildJvm server = serve();
        ChildJvm client = commands.start("send", "--transport", transport, huge().toString(), Commands.address(server));
        awaitBytes(client);
        server.kill();

        assertThat(client.awaitExit(DETECTION)).isEqualTo(1);
        assertThat(client.output())
                .filteredOn(line -> line.startsWith("err: smc4j: ") && !line.contains(": WARN "))
                .singleElement()
                .asString()
                .contains("was lost while sending");
        assertThat(client.output()).noneMatch(line -> line.startsWith("err: \tat "));
        if (transport.equals("tcp")) {
            // Nobody was connected to the dead node's memory: the next node to start clears it away.
            ChildJvm next = serve();
            Commands.port(next);
            next.interrupt();
            next.awaitExit(Commands.SOON);
        }
        assertThat(commands.sharedFiles()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"smc-r", "smc-d"})
    void shouldKeepTheServerServingWhenASenderIsKilled(String transport) throws Exception {
        ChildJvm server = serve();
        String address = Commands.address(server);
        ChildJvm client = commands.start("send", "--transport", transport, huge().toString(), address);
        awaitBytes(client);
        client.kill();

        server.awaitLine(line -> line.contains("\"event\":\"failed\""), DETECTION);
        assertThat(files()).isEmpty();
        Path small = Files.writeString(directory.resolve("small"), "after");
        commands.run("send", "--json", "--transport", transport, small.toString(), address);
        assertThat(inbox.resolve("small")).hasContent("after");
    }

    @Test
    void shouldEndWith130OnControlCAndLeaveNothingBehind() throws Exception {
        ChildJvm server = serve();
        ChildJvm client = commands.start("send", huge().toString(), Commands.address(server));
        awaitBytes(client);
        client.interrupt();
        assertThat(client.awaitExit(Commands.SOON)).isEqualTo(130);
        server.awaitLine(line -> line.contains("\"event\":\"failed\""), DETECTION);
        server.interrupt();
        assertThat(server.awaitExit(Commands.SOON)).isEqualTo(130);
        assertThat(commands.sharedFiles()).isEmpty();
        assertThat(files()).isEmpty();
    }

    private ChildJvm serve(String... more) {
        return commands.start(Stream.concat(Stream.of("serve", "--json", "--port=0", "--dir=" + inbox), Stream.of(more))
                .toArray(String[]::new));
    }

    /** More than can be sent before the test is over. */
    private Path huge() throws IOException {
        Path file = directory.resolve("huge");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(HUGE);
        }
        return file;
    }

    private void awaitBytes(ChildJvm client) {
        await().atMost(Commands.SOON).until(() -> {
            assertThat(client.isAlive()).as("%s", client.output()).isTrue();
            try (Stream<Path> files = Files.list(inbox)) {
                return files.mapToLong(file -> file.toFile().length()).sum() > 10_000_000;
            }
        });
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(inbox)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static Commands commands() {
        try {
            return new Commands();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
