package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent;
import io.smc4j.protocol.lifecycle.connection.ConnectionMachine;
import io.smc4j.protocol.lifecycle.connection.ConnectionState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * the reference held for the peer's side is dropped twice or never. Every reachable state of a connection is visited with
 * every event; a token counts independently of the machine's own books.
 */
class R23PassiveReferenceTest {
    /** A state and what was done on the way to it. */
    private record Node(ConnectionState state, int dropped, int released, int failed) {}

    private static List<ConnectionEvent> events() {
        List<ConnectionEvent> events = new ArrayList<>();
        events.add(new ConnectionEvent.HandshakeCompleted());
        events.add(new ConnectionEvent.HandshakeFailed());
        events.add(new ConnectionEvent.AppShutdownWrite());
        events.add(new ConnectionEvent.AppShutdownWrite(0));
        for (boolean unread : new boolean[] {true, false}) {
            events.add(new ConnectionEvent.AppClose(unread));
            events.add(new ConnectionEvent.AppClose(unread, 0));
            events.add(new ConnectionEvent.Drained(unread));
            events.add(new ConnectionEvent.DrainDeadline(unread));
        }
        for (int flags = 1; flags < 8; flags++) {
            events.add(new ConnectionEvent.PeerFlags((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0));
        }
        events.add(new ConnectionEvent.Kill(AbortCause.LINK_GROUP_TERMINATING));
        events.add(new ConnectionEvent.Kill(AbortCause.APPLICATION_ABORT));
        return events;
    }

    private static Node after(Node from, ConnectionEvent event, long now, Map<Node, String> how) {
        ConnectionMachine.Step step = ConnectionMachine.step(from.state(), event, now);
        int dropped = from.dropped();
        int released = from.released();
        int failed = from.failed();
        for (ConnectionEffect effect : step.effects()) {
            String where = how.get(from) + " " + event;
            assertThat(released)
                    .as("something happens after the release: " + where)
                    .isZero();
            switch (effect) {
                case ConnectionEffect.DropPassiveReference e -> dropped++;
                case ConnectionEffect.FailApplication e -> failed++;
                case ConnectionEffect.Release e -> {
                    released++;
                    assertThat(dropped)
                            .as("references dropped at the release: " + where)
                            .isOne();
                }
                default -> {}
            }
            assertThat(dropped).as("references dropped: " + where).isLessThanOrEqualTo(1);
            assertThat(failed).as("times the application is told: " + where).isLessThanOrEqualTo(1);
        }
        return new Node(step.state(), dropped, released, failed);
    }

    @Test
    void shouldDropItOnceOnEveryWayThroughALife() {
        Map<Node, String> how = new HashMap<>();
        ArrayDeque<Node> next = new ArrayDeque<>();
        Node start = new Node(ConnectionState.initial(), 0, 0, 0);
        how.put(start, "");
        next.add(start);
        while (!next.isEmpty()) {
            Node node = next.remove();
            for (ConnectionEvent event : events()) {
                for (long now : new long[] {0, ConnectionMachine.DRAIN_NANOS}) { // deadlines early and due
                    Node reached = after(node, event, now, how);
                    if (how.putIfAbsent(reached, how.get(node) + " " + event) == null) {
                        next.add(reached);
                    }
                }
            }
        }
        // And never "never": wherever a life stands, an end of its group ends it, with the reference dropped.
        for (Node node : List.copyOf(how.keySet())) {
            Node end = after(node, new ConnectionEvent.Kill(AbortCause.LINK_GROUP_TERMINATING), 0, how);
            assertThat(end.released()).as(how.get(node)).isOne();
            assertThat(end.dropped()).as(how.get(node)).isOne();
        }
        System.out.println("R-23: " + how.size() + " states of a connection");
        assertThat(how).hasSizeGreaterThan(100);
    }
}
