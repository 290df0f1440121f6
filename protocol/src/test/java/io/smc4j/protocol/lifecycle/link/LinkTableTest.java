package io.smc4j.protocol.lifecycle.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.lifecycle.link.LinkEvent.ActivationFailed;
import io.smc4j.protocol.lifecycle.link.LinkEvent.ClearRequested;
import io.smc4j.protocol.lifecycle.link.LinkEvent.Cleared;
import io.smc4j.protocol.lifecycle.link.LinkEvent.ConfirmLinkCompleted;
import io.smc4j.protocol.lifecycle.link.LinkEvent.DownTriggered;
import io.smc4j.protocol.lifecycle.link.LinkEvent.Initialised;
import io.smc4j.protocol.lifecycle.link.LinkEvent.ReceivedSomething;
import io.smc4j.protocol.lifecycle.link.LinkEvent.TestLinkAnswered;
import io.smc4j.protocol.lifecycle.link.LinkEvent.TestLinkTimeout;
import io.smc4j.protocol.lifecycle.link.LinkEvent.TestLinkTimer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every phase of a link with every event: the next phase and the names of the effects; "=" means that nothing happens. */
final class LinkTableTest {
    private static final long INTERVAL = 100;
    private static final long LATER = LinkMachine.TEST_LINK_TIMEOUT_NANOS + INTERVAL;

    private static final String TABLE = """
            state      | init       | confirmed                   | failed                        | down                             | clear request                 | cleared | timer                                           | answered                    | timeout                          | received
            UNUSED     | ACTIVATING | =                           | =                             | =                                | =                             | =       | =                                               | =                           | =                                | =
            ACTIVATING | =          | ACTIVE ArmTestLinkTimer     | INACTIVE Clear                | INACTIVE LinkDown                | INACTIVE Clear                | =       | =                                               | =                           | =                                | =
            ACTIVE     | =          | =                           | =                             | INACTIVE CancelTestLink LinkDown | INACTIVE CancelTestLink Clear | =       | ACTIVE ArmTestLinkTimeout SendTestLink          | =                           | =                                | ACTIVE
            ACTIVE/off | =          | =                           | =                             | INACTIVE LinkDown                | INACTIVE Clear                | =       | =                                               | =                           | =                                | ACTIVE
            ACTIVE/test| =          | =                           | =                             | INACTIVE CancelTestLink LinkDown | INACTIVE CancelTestLink Clear | =       | =                                               | ACTIVE ArmTestLinkTimer     | INACTIVE CancelTestLink LinkDown | ACTIVE
            INACTIVE   | =          | =                           | =                             | =                                | INACTIVE Clear                | =       | =                                               | =                           | =                                | =
            INACTIVE/c | =          | =                           | =                             | =                                | =                             | UNUSED  | =                                               | =                           | =                                | =
            """;

    private static final Map<String, LinkEvent> EVENTS = new LinkedHashMap<>();

    static {
        EVENTS.put("init", new Initialised());
        EVENTS.put("confirmed", new ConfirmLinkCompleted());
        EVENTS.put("failed", new ActivationFailed());
        EVENTS.put("down", new DownTriggered(LinkDownCause.PORT_ERROR));
        EVENTS.put("clear request", new ClearRequested());
        EVENTS.put("cleared", new Cleared());
        EVENTS.put("timer", new TestLinkTimer());
        EVENTS.put("answered", new TestLinkAnswered());
        EVENTS.put("timeout", new TestLinkTimeout());
        EVENTS.put("received", new ReceivedSomething(LATER));
    }

    private static LinkState after(long interval, LinkEvent... events) {
        LinkState state = LinkState.unused(interval);
        for (LinkEvent event : events) {
            state = LinkMachine.step(state, event, event instanceof TestLinkTimer ? INTERVAL : 0)
                    .state();
        }
        return state;
    }

    private static LinkState state(String row) {
        return switch (row) {
            case "UNUSED" -> after(INTERVAL);
            case "ACTIVATING" -> after(INTERVAL, new Initialised());
            case "ACTIVE" -> after(INTERVAL, new Initialised(), new ConfirmLinkCompleted());
            case "ACTIVE/off" -> after(0, new Initialised(), new ConfirmLinkCompleted());
            case "ACTIVE/test" -> after(INTERVAL, new Initialised(), new ConfirmLinkCompleted(), new TestLinkTimer());
            case "INACTIVE" ->
                after(
                        INTERVAL,
                        new Initialised(),
                        new ConfirmLinkCompleted(),
                        new DownTriggered(LinkDownCause.FLUSHED));
            case "INACTIVE/c" -> after(INTERVAL, new Initialised(), new ActivationFailed());
            default -> throw new AssertionError(row);
        };
    }

    @TestFactory
    Stream<DynamicTest> shouldDoWhatTheSpecificationSaysInEveryCell() {
        List<String[]> rows = TABLE.lines().map(line -> line.split("\\|")).toList();
        List<DynamicTest> tests = new ArrayList<>();
        for (String[] row : rows.subList(1, rows.size())) {
            assertThat(row).as(row[0]).hasSameSizeAs(rows.getFirst());
            for (int column = 1; column < row.length; column++) {
                String from = row[0].strip();
                String event = rows.getFirst()[column].strip();
                String cell = row[column].strip();
                tests.add(
                        DynamicTest.dynamicTest(from + " + " + event + " -> " + cell, () -> check(from, event, cell)));
            }
        }
        return tests.stream();
    }

    @Test
    void shouldHaveARowForEveryPhaseAndAColumnForEveryKindOfEvent() {
        Set<LinkPhase> phases = EnumSet.noneOf(LinkPhase.class);
        TABLE.lines()
                .skip(1)
                .forEach(line -> phases.add(state(line.split("\\|")[0].strip()).phase()));
        assertThat(phases).containsExactlyInAnyOrder(LinkPhase.values());
        assertThat(EVENTS).hasSize(LinkEvent.class.getPermittedSubclasses().length);
        assertThat(TABLE.lines().findFirst().orElseThrow().split("\\|")).hasSize(EVENTS.size() + 1);
    }

    private static void check(String from, String event, String cell) {
        LinkState before = state(from);
        LinkMachine.Step step = LinkMachine.step(before, EVENTS.get(event), LATER);
        if (cell.equals("=")) {
            assertThat(step).isEqualTo(new LinkMachine.Step(before, List.of()));
            return;
        }
        List<String> words = Arrays.asList(cell.split(" "));
        assertThat(step.state().phase()).isEqualTo(LinkPhase.valueOf(words.getFirst()));
        assertThat(step.effects())
                .extracting(effect -> effect.getClass().getSimpleName())
                .containsExactlyElementsOf(words.subList(1, words.size()));
    }
}
