package io.smc4j.protocol.lifecycle.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.AppClose;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.AppShutdownWrite;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.DrainDeadline;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.Drained;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.HandshakeCompleted;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.HandshakeFailed;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.Kill;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.PeerFlags;
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

/**
 * Every phase with every event, as the specification's tables of close, shutdown, passive close, abort and kill say.
 *
 * <p>A cell is the next phase, the flags in the CDC message sent (D, C, A), P if the passive reference is dropped, R if the
 * connection is released, drain if it waits for written data. "=" means that nothing at all happens, "seen" that the flag is only
 * noted.
 */
final class ConnectionTableTest {
    private static final String TABLE = """
            state        | ok     | failed     | close        | close unread | close drain  | wr          | wr drain    | drained      | deadline     | D            | C               | A            | kill
            INIT         | ACTIVE | CLOSED P R | CLOSED A P R | CLOSED A P R | CLOSED A P R | =           | =           | =            | =            | ACW1         | ACW1            | PROC P       | CLOSED A P R
            ACTIVE       | =      | =          | PCW1 C       | PCW1 A       | ACTIVE drain | PCW1 D      | ACTIVE drain| =            | =            | ACW1         | ACW1            | PROC P       | CLOSED A P R
            ACTIVE/close | =      | =          | =            | =            | =            | =           | =           | PCW1 C       | PCW1 C       | ACW1         | ACW1 drain      | CLOSED P A R | CLOSED A P R
            ACTIVE/wr    | =      | =          | PCW1 C       | PCW1 A       | ACTIVE       | =           | =           | PCW1 D       | PCW1 D       | ACW1         | ACW1 drain      | PROC P       | CLOSED A P R
            PCW1/D       | =      | =          | PCW1 DC      | PCW1 DA      | PCW1 DC      | =           | =           | =            | =            | PCW2         | AFCW P          | PROC P       | CLOSED DA P R
            PCW1/C       | =      | =          | =            | =            | =            | =           | =           | =            | =            | PCW2         | CLOSED P R      | CLOSED P R   | CLOSED CA P R
            PCW2/D       | =      | =          | PCW2 DC      | PCW2 DA      | PCW2 DC      | =           | =           | =            | =            | =            | AFCW P          | PROC P       | CLOSED DA P R
            PCW2/C       | =      | =          | =            | =            | =            | =           | =           | =            | =            | =            | CLOSED P R      | CLOSED P R   | CLOSED CA P R
            ACW1/D       | =      | =          | PFCW C       | PFCW A       | ACW1 drain   | ACW2 D      | ACW1 drain  | =            | =            | =            | seen            | PROC P       | CLOSED A P R
            ACW1/C       | =      | =          | CLOSED C P R | CLOSED A P R | CLOSED C P R | ACW2 D      | ACW2 D      | =            | =            | seen         | =               | PROC P       | CLOSED A P R
            ACW1/D close | =      | =          | =            | =            | =            | =           | =           | PFCW C       | PFCW C       | =            | ACW1 drain      | CLOSED P A R | CLOSED A P R
            ACW1/D wr    | =      | =          | PFCW C       | PFCW A       | ACW1         | =           | =           | ACW2 D       | ACW2 D       | =            | ACW1 drain      | PROC P       | CLOSED A P R
            ACW2/D       | =      | =          | PFCW DC      | PFCW DA      | ACW2 drain   | =           | =           | =            | =            | =            | seen            | CLOSED DA P  | CLOSED DA P R
            ACW2/C       | =      | =          | CLOSED DC P R| CLOSED DA P R| CLOSED DC P R| =           | =           | =            | =            | seen         | =               | CLOSED DA P  | CLOSED DA P R
            ACW2/D close | =      | =          | =            | =            | =            | =           | =           | PFCW DC      | PFCW DC      | =            | ACW2 drain      | CLOSED DA P R| CLOSED DA P R
            AFCW         | =      | =          | CLOSED DC R  | CLOSED DA R  | CLOSED DC R  | =           | =           | =            | =            | seen         | =               | PROC         | CLOSED DA R
            PFCW         | =      | =          | =            | =            | =            | =           | =           | =            | =            | =            | CLOSED P R      | CLOSED P R   | CLOSED CA P R
            PROC         | =      | =          | CLOSED A R   | CLOSED A R   | CLOSED A R   | =           | =           | =            | =            | seen         | seen            | =            | CLOSED A R
            PABW         | =      | =          | CLOSED P R   | CLOSED P R   | CLOSED P R   | =           | =           | =            | =            | seen         | seen            | CLOSED P     | CLOSED P R
            CLOSED/A     | =      | =          | CLOSED R     | CLOSED R     | CLOSED R     | =           | =           | =            | =            | =            | seen            | =            | CLOSED R
            RELEASED     | =      | =          | =            | =            | =            | =           | =           | =            | =            | =            | =               | =            | =
            """;

    private static final long NOW = 1_000;
    private static final long DRAIN = 10;
    private static final PeerFlags D = PeerFlags.of(StateFlags.DONE_WRITING);
    private static final PeerFlags C = PeerFlags.of(StateFlags.CLOSED);
    private static final PeerFlags A = PeerFlags.of(StateFlags.ABORT);
    private static final AppClose CLOSE = new AppClose(false, 0);
    private static final AppClose CLOSE_DRAIN = new AppClose(false, DRAIN);
    private static final AppShutdownWrite WR = new AppShutdownWrite(0);
    private static final AppShutdownWrite WR_DRAIN = new AppShutdownWrite(DRAIN);

    private static final Map<String, ConnectionEvent> EVENTS = new LinkedHashMap<>();

    static {
        EVENTS.put("ok", new HandshakeCompleted());
        EVENTS.put("failed", new HandshakeFailed());
        EVENTS.put("close", CLOSE);
        EVENTS.put("close unread", new AppClose(true, 0));
        EVENTS.put("close drain", CLOSE_DRAIN);
        EVENTS.put("wr", WR);
        EVENTS.put("wr drain", WR_DRAIN);
        EVENTS.put("drained", new Drained(false));
        EVENTS.put("deadline", new DrainDeadline(false));
        EVENTS.put("D", D);
        EVENTS.put("C", C);
        EVENTS.put("A", A);
        EVENTS.put("kill", new Kill(AbortCause.LINK_GROUP_TERMINATING));
    }

    private static final Map<String, ConnectionPhase> SHORT = Map.of(
            "PCW1", ConnectionPhase.PEERCLOSEWAIT1,
            "PCW2", ConnectionPhase.PEERCLOSEWAIT2,
            "ACW1", ConnectionPhase.APPCLOSEWAIT1,
            "ACW2", ConnectionPhase.APPCLOSEWAIT2,
            "AFCW", ConnectionPhase.APPFINCLOSEWAIT,
            "PFCW", ConnectionPhase.PEERFINCLOSEWAIT,
            "PROC", ConnectionPhase.PROCESSABORT,
            "PABW", ConnectionPhase.PEERABORTWAIT,
            "RELEASED", ConnectionPhase.CLOSED);

    private static ConnectionPhase phase(String name) {
        ConnectionPhase known = SHORT.get(name);
        return known != null ? known : ConnectionPhase.valueOf(name);
    }

    private static ConnectionState after(ConnectionEvent... events) {
        ConnectionState state = ConnectionState.initial();
        for (ConnectionEvent event : events) {
            state = ConnectionMachine.step(state, event, NOW).state();
        }
        return state;
    }

    private static ConnectionState established(ConnectionEvent... events) {
        List<ConnectionEvent> all = new ArrayList<>(List.of(new HandshakeCompleted()));
        all.addAll(Arrays.asList(events));
        return after(all.toArray(ConnectionEvent[]::new));
    }

    private static ConnectionState state(String row) {
        return switch (row) {
            case "INIT" -> after();
            case "ACTIVE" -> established();
            case "ACTIVE/close" -> established(CLOSE_DRAIN);
            case "ACTIVE/wr" -> established(WR_DRAIN);
            case "PCW1/D" -> established(WR);
            case "PCW1/C" -> established(CLOSE);
            case "PCW2/D" -> established(WR, D);
            case "PCW2/C" -> established(CLOSE, D);
            case "ACW1/D" -> established(D);
            case "ACW1/C" -> established(C);
            case "ACW1/D close" -> established(D, CLOSE_DRAIN);
            case "ACW1/D wr" -> established(D, WR_DRAIN);
            case "ACW2/D" -> established(D, WR);
            case "ACW2/C" -> established(C, WR);
            case "ACW2/D close" -> established(D, WR, CLOSE_DRAIN);
            case "AFCW" -> established(WR, C);
            case "PFCW" -> established(D, CLOSE);
            case "PROC" -> established(A);
            case "PABW" -> abortWait();
            case "CLOSED/A" -> established(D, WR, A);
            case "RELEASED" -> established(CLOSE, C);
            default -> throw new AssertionError(row);
        };
    }

    /** No turn ends in this phase, so it is made by hand: an abort that has sent A. */
    private static ConnectionState abortWait() {
        return new ConnectionState(
                ConnectionPhase.PEERABORTWAIT,
                StateFlags.ABORT,
                0,
                true,
                false,
                true,
                false,
                ConnectionState.Drain.NONE,
                0,
                true,
                false,
                new EndReason.AbortedLocally(AbortCause.PEER_GONE));
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
        Set<ConnectionPhase> phases = EnumSet.noneOf(ConnectionPhase.class);
        TABLE.lines()
                .skip(1)
                .forEach(line -> phases.add(state(line.split("\\|")[0].strip()).phase()));
        assertThat(phases).containsExactlyInAnyOrder(ConnectionPhase.values());
        assertThat(EVENTS.values().stream().map(Object::getClass).distinct())
                .hasSize(ConnectionEvent.class.getPermittedSubclasses().length);
        assertThat(TABLE.lines().findFirst().orElseThrow().split("\\|")).hasSize(EVENTS.size() + 1);
    }

    private static void check(String from, String event, String cell) {
        ConnectionState before = state(from);
        assertThat(before.phase()).isEqualTo(phase(from.split("/")[0]));
        long now = event.equals("deadline") ? NOW + DRAIN : NOW;
        ConnectionMachine.Step step = ConnectionMachine.step(before, EVENTS.get(event), now);
        if (cell.equals("=")) {
            assertThat(step.effects()).isEmpty();
            assertThat(step.state()).isEqualTo(before);
            return;
        }
        if (cell.equals("seen")) {
            assertThat(step.effects())
                    .filteredOn(effect -> !(effect instanceof ConnectionEffect.EndInput))
                    .containsExactly(new ConnectionEffect.WakeAll());
            assertThat(step.state().phase()).isEqualTo(before.phase());
            assertThat(step.state().peerFlags()).isNotEqualTo(before.peerFlags());
            return;
        }
        List<String> words = Arrays.asList(cell.split(" "));
        assertThat(step.state().phase()).as("phase").isEqualTo(phase(words.getFirst()));
        List<String> done = new ArrayList<>();
        for (ConnectionEffect effect : step.effects()) {
            switch (effect) {
                case ConnectionEffect.SendStateFlags(int flags) -> done.add(letters(flags));
                case ConnectionEffect.DropPassiveReference() -> done.add("P");
                case ConnectionEffect.Release(EndReason reason) -> done.add("R");
                case ConnectionEffect.RequestDrain(long deadline) -> done.add("drain");
                default -> {}
            }
        }
        assertThat(done).as("effects").containsExactlyElementsOf(words.subList(1, words.size()));
    }

    private static String letters(int flags) {
        return ((flags & StateFlags.DONE_WRITING) != 0 ? "D" : "")
                + ((flags & StateFlags.CLOSED) != 0 ? "C" : "")
                + ((flags & StateFlags.ABORT) != 0 ? "A" : "");
    }
}
