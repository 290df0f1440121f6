package io.smc4j.testkit.explore;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Which state leads to which by duties. States are explored in the order of their numbers, so edges come in that order too. */
final class Graph {
    private final IntColumn firstEdge = new IntColumn();
    private final IntColumn targets = new IntColumn();

    /** The edges that follow are those of the next state. */
    void nextState() {
        firstEdge.add(targets.size());
    }

    void duty(int to) {
        targets.add(to);
    }

    private int states() {
        return firstEdge.size();
    }

    private int end(int state) {
        return state + 1 < states() ? firstEdge.get(state + 1) : targets.size();
    }

    /** A state from which duties cannot lead to rest, or -1. */
    int stuck() {
        BitSet rests = new BitSet(states());
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int state = states() - 1; state >= 0; state--) {
                if (!rests.get(state) && reachesRest(state, rests)) {
                    rests.set(state);
                    changed = true;
                }
            }
        }
        int stuck = rests.nextClearBit(0);
        return stuck < states() ? stuck : -1;
    }

    private boolean reachesRest(int state, BitSet rests) {
        int end = end(state);
        for (int edge = firstEdge.get(state); edge < end; edge++) {
            if (rests.get(targets.get(edge))) {
                return true;
            }
        }
        return firstEdge.get(state) == end;
    }

    /** A circle of duties, its first state being its nearest to the beginning; empty if there is none. */
    List<Integer> circle() {
        // Takes away, again and again, states that no duty leads to: what remains is circles and what they lead to.
        int[] entries = new int[states()];
        for (int edge = 0; edge < targets.size(); edge++) {
            entries[targets.get(edge)]++;
        }
        int[] open = new int[states()];
        int count = 0;
        for (int state = 0; state < states(); state++) {
            if (entries[state] == 0) {
                open[count++] = state;
            }
        }
        for (int i = 0; i < count; i++) {
            int state = open[i];
            int end = end(state);
            for (int edge = firstEdge.get(state); edge < end; edge++) {
                if (--entries[targets.get(edge)] == 0) {
                    open[count++] = targets.get(edge);
                }
            }
        }
        return count == states() ? List.of() : walkBack(entries);
    }

    /** Among the remaining states every one has a predecessor that remains too: going back must meet itself. */
    private List<Integer> walkBack(int[] entries) {
        int[] before = new int[states()];
        java.util.Arrays.fill(before, -1);
        int at = -1;
        for (int state = 0; state < states(); state++) {
            if (entries[state] == 0) {
                continue;
            }
            int end = end(state);
            for (int edge = firstEdge.get(state); edge < end; edge++) {
                int to = targets.get(edge);
                if (entries[to] > 0 && before[to] < 0) {
                    before[to] = state;
                }
            }
            at = at < 0 ? state : at;
        }
        BitSet passed = new BitSet();
        while (!passed.get(at)) {
            passed.set(at);
            at = before[at];
        }
        List<Integer> circle = new ArrayList<>();
        int state = at;
        do {
            circle.addFirst(state);
            state = before[state];
        } while (state != at);
        int nearest = circle.indexOf(circle.stream().min(Integer::compare).orElseThrow());
        java.util.Collections.rotate(circle, -nearest);
        return circle;
    }
}
