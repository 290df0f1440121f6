package io.smc4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.node.ActorKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the documentation says of actors that throw is what the code declares. */
class SupervisionTableTest {
    @Test
    void shouldSayOfEachActorWhatIsLostWithIt() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("../docs/supervision.md"));
        int from =
                lines.indexOf("| actor | what its parent or PostStop does | what the user sees | what is lost |") + 2;
        Map<String, String> documented = new TreeMap<>();
        for (String line : lines.subList(from, lines.size())) {
            if (!line.startsWith("|")) {
                break;
            }
            List<String> cells =
                    Arrays.stream(line.split("\\|")).map(String::strip).toList();
            documented.put(cells.get(1), cells.getLast());
        }
        Map<String, String> declared = new TreeMap<>();
        for (ActorKind kind : ActorKind.values()) {
            declared.put(kind.label(), kind.loss().text());
        }
        assertThat(documented).isEqualTo(declared);
    }
}
