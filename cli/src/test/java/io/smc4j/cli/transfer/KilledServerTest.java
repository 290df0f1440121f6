package io.smc4j.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smc4j.cli.StandInMain;
import io.smc4j.cli.output.Json;
import io.smc4j.testkit.process.ChildJvm;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KilledServerTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path inbox = Path.of("");

    @Test
    void shouldLeaveNoHalfFileUnderItsNameAndClearUpTheNextTime() throws Exception {
        try (ChildJvm server = serve();
                Socket socket = RawHttp.connect(port(server))) {
            socket.getOutputStream()
                    .write(RawHttp.put("half", "Content-Length: 10\r\n", "hell").getBytes(StandardCharsets.US_ASCII));
            await().atMost(SOON).until(() -> files().size() == 1);
            server.kill();
        }
        assertThat(files()).singleElement().asString().startsWith(".half.").endsWith(".part");
        try (ChildJvm server = serve()) {
            port(server);
            await().atMost(SOON).until(() -> files().isEmpty());
        }
    }

    @Test
    void shouldEndWith130OnControlCAndRemoveWhatIsUnfinished() throws Exception {
        try (ChildJvm server = serve();
                Socket socket = RawHttp.connect(port(server))) {
            socket.getOutputStream()
                    .write(RawHttp.put("half", "Content-Length: 10\r\n", "hell").getBytes(StandardCharsets.US_ASCII));
            await().atMost(SOON).until(() -> files().size() == 1);
            server.interrupt();
            assertThat(server.awaitExit(SOON)).isEqualTo(130);
            assertThat(server.output()).noneMatch(line -> line.contains("\tat "));
        }
        assertThat(files()).isEmpty();
    }

    private ChildJvm serve() {
        return ChildJvm.of(StandInMain.class)
                .name("serve")
                .arguments("serve", "--json", "--port=0", "--dir=" + inbox)
                .start();
    }

    private static int port(ChildJvm server) throws InterruptedException {
        return Json.parse(server.awaitLine("{", SOON))
                .number("port")
                .orElseThrow()
                .intValue();
    }

    private List<String> files() throws Exception {
        try (Stream<Path> files = Files.list(inbox)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
