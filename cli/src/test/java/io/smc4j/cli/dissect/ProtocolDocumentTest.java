package io.smc4j.cli.dissect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples in {@code docs/protocol.md} print what the document says. */
class ProtocolDocumentTest {
    private static final Pattern CONSOLE =
            Pattern.compile("```console\n\\$ smc4j dissect ([^\n]*)\n(.*?)```", Pattern.DOTALL);

    @Test
    void shouldPrintWhatTheDocumentShows() throws Exception {
        Matcher blocks = CONSOLE.matcher(Files.readString(Path.of("..", "docs", "protocol.md")));
        List<String> commands = new ArrayList<>();
        while (blocks.find()) {
            commands.add(blocks.group(1));
            assertThat(Dissected.run(blocks.group(1).split(" ")).out())
                    .as(blocks.group(1))
                    .isEqualTo(blocks.group(2).lines().toList());
        }
        assertThat(commands)
                .as("one example for each language, and a violation")
                .hasSize(6);
    }

    @Test
    void shouldFollowTheConnectionThatTheDocumentFollows() throws Exception {
        List<String> rows = Pattern.compile("^\\| (\\d+) \\| ([A-Z_0-9-]+) \\|", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("..", "docs", "protocol.md")))
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();
        assertThat(rows).hasSizeGreaterThan(10);
        assertThat(Dissected.run("--json", Dissected.file("k612_echo_close.pcap")).objects().stream()
                        .map(message -> message.get("frame") + " " + message.get("message")))
                .containsSubsequence(rows);
    }
}
