package io.smc4j.protocol.lifecycle.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.lifecycle.connection.TwoConnections.Options;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Walks through every interleaving of two connected machines, their applications and the messages between them. */
final class ConnectionExplorerTest {

    @Test
    void shouldAlwaysEndOnBothSidesWhateverTheApplicationsDo() {
        Set<TwoConnections> ends = explore(new Options(true, true, true, false));
        assertThat(ends).allSatisfy(TwoConnections::assertOver);
    }

    @Test
    void shouldAlwaysEndOnBothSidesWhenTheLinkIsLostAtAnyMoment() {
        Set<TwoConnections> ends = explore(new Options(true, true, false, true));
        assertThat(ends).allSatisfy(TwoConnections::assertOver);
    }

    @Test
    void shouldEndInOrderWhenNobodyAbortsAndNothingIsUnread() {
        Set<TwoConnections> ends = explore(new Options(false, false, false, false));
        assertThat(ends).isNotEmpty().allSatisfy(end -> {
            assertThat(end.left().machine().reason()).isInstanceOf(EndReason.ClosedOrderly.class);
            assertThat(end.right().machine().reason()).isInstanceOf(EndReason.ClosedOrderly.class);
        });
    }

    /** Returns the states in which nothing more can happen; fails if a promise is broken on the way or the walk can go in a circle. */
    private static Set<TwoConnections> explore(Options options) {
        Map<TwoConnections, List<TwoConnections>> seen = new HashMap<>();
        Deque<TwoConnections> open = new ArrayDeque<>();
        Set<TwoConnections> ends = new HashSet<>();
        TwoConnections first = TwoConnections.initial(options);
        seen.put(first, List.of());
        open.add(first);
        while (!open.isEmpty()) {
            TwoConnections from = open.pop();
            List<TwoConnections> next = from.successors(options);
            seen.put(from, next);
            if (next.isEmpty()) {
                ends.add(from);
            }
            for (TwoConnections to : next) {
                if (seen.putIfAbsent(to, List.of()) == null) {
                    open.push(to);
                }
            }
        }
        assertNoCircle(seen);
        assertThat(ends).isNotEmpty();
        return ends;
    }

    /** Takes away states that nothing unfinished leads to; a circle would remain. */
    private static void assertNoCircle(Map<TwoConnections, List<TwoConnections>> graph) {
        Map<TwoConnections, Integer> entries = new HashMap<>();
        graph.values().forEach(all -> all.forEach(to -> entries.merge(to, 1, Integer::sum)));
        Deque<TwoConnections> free = new ArrayDeque<>();
        graph.keySet().stream().filter(state -> !entries.containsKey(state)).forEach(free::add);
        List<TwoConnections> gone = new ArrayList<>();
        while (!free.isEmpty()) {
            TwoConnections from = free.pop();
            gone.add(from);
            for (TwoConnections to : graph.getOrDefault(from, List.of())) {
                if (entries.merge(to, -1, Integer::sum) == 0) {
                    free.push(to);
                }
            }
        }
        assertThat(gone.size()).as("states outside any circle").isEqualTo(graph.size());
    }
}
