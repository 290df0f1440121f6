package io.smc4j.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.cli.output.Table.Align;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutputTest {
    @Test
    void shouldAlignColumnsUnderHeadingsOfSeveralLines() {
        Table table = new Table().column("name", Align.LEFT).column("fail-\novers", Align.RIGHT);
        table.row("smc-r", 1).row("a longer name", 22);
        assertThat(table.lines())
                .containsExactly(
                        "               fail-",
                        "name           overs",
                        "--------------------",
                        "smc-r              1",
                        "a longer name     22");
        assertThatThrownBy(() -> table.row("one")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldWriteNumbersAsPeopleReadThem() {
        assertThat(List.of(Units.bytes(999), Units.bytes(1500), Units.bytes(145_959_730), Units.bytes(999_960_000)))
                .containsExactly("999 B", "1.5 kB", "146.0 MB", "1.0 GB");
        assertThat(List.of(Units.micros(0.519), Units.micros(12.34), Units.micros(456.7)))
                .containsExactly("0.52", "12.3", "457");
        assertThat(Units.megabytesPerSecond(1_000_000, 1_000_000_000)).isEqualTo(1);
        assertThat(Units.megabytesPerSecond(1, 0)).isZero();
    }

    @Test
    void shouldWriteNestedJsonWithNullsAndEscapes() {
        Json json = Json.object()
                .put("a", "quote \" line \n")
                .put("none", Optional.empty())
                .put("list", List.of(Json.object().put("n", 1.5)));
        assertThat(json).hasToString("{\"a\":\"quote \\\" line \\n\",\"none\":null,\"list\":[{\"n\":1.5}]}");
        assertThat(Json.parse(json.toString()).text("a")).hasValue("quote \" line \n");
    }

    @Test
    void shouldRefuseWhatIsNoJsonObject() {
        for (String text : List.of("", "[1]", "{", "hello", "1")) {
            assertThatThrownBy(() -> Json.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldBreakTextAtSpacesOnly() {
        assertThat(Text.wrap("a: ", "one two three", 8)).containsExactly("a: one", "  two", "  three");
        assertThat(Text.wrap("", "unbreakable-word", 5)).containsExactly("unbreakable-word");
    }
}
