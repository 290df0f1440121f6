package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.lifecycle.group.TwoGroups.Action;
import io.smc4j.protocol.lifecycle.group.TwoGroups.Options;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Walks breadth first through every world that can come to be; the first broken promise is told with the shortest way to it. */
final class GroupExplorer {
    /** A world on the way; the way itself is kept as the number of the action taken in each. */
    private record Node(TwoGroups world, int index) {}

    private final Options options;
    private final List<int[]> origins = new ArrayList<>();
    private long steps;

    GroupExplorer(Options options) {
        this.options = options;
    }

    /** Returns how many worlds there are. */
    int explore(int limit) {
        Set<Fingerprint.Value> seen = new HashSet<>();
        Deque<Node> open = new ArrayDeque<>();
        TwoGroups first = new TwoGroups(options);
        seen.add(first.fingerprint().value());
        origins.add(new int[] {-1, -1});
        open.add(new Node(first, 0));
        while (!open.isEmpty()) {
            Node from = open.poll();
            List<Action> actions = from.world().actions();
            boolean quiet = true;
            for (int i = 0; i < actions.size(); i++) {
                Action action = actions.get(i);
                quiet &= action.external();
                TwoGroups to = new TwoGroups(from.world());
                steps++;
                try {
                    action.effect().accept(to);
                } catch (AssertionError e) {
                    throw broken(from.index(), i, e);
                }
                if (seen.add(to.fingerprint().value())) {
                    origins.add(new int[] {from.index(), i});
                    open.add(new Node(to, origins.size() - 1));
                }
            }
            try {
                from.world().checkEndsByDeadlines();
                if (quiet) {
                    from.world().checkQuiet();
                }
            } catch (AssertionError e) {
                throw broken(from.index(), -1, e);
            }
            if (seen.size() > limit) {
                throw new AssertionError("more than " + limit + " states: " + options + " is too much");
            }
        }
        return seen.size();
    }

    long steps() {
        return steps;
    }

    private AssertionError broken(int index, int last, AssertionError cause) {
        List<Integer> way = new ArrayList<>();
        if (last >= 0) {
            way.add(last);
        }
        for (int at = index; at > 0; at = origins.get(at)[0]) {
            way.add(origins.get(at)[1]);
        }
        Collections.reverse(way);
        TwoGroups world = new TwoGroups(options);
        List<String> trace = new ArrayList<>();
        world.record(trace);
        try {
            for (int choice : way) {
                Action action = world.actions().get(choice);
                trace.add(action.name().get());
                action.effect().accept(world);
            }
        } catch (AssertionError e) {
            trace.add("=> " + e.getMessage());
        }
        return new AssertionError(
                cause.getMessage() + "\nwith " + options + ", after\n" + String.join("\n", trace) + "\nserver "
                        + world.server.state + "\nclient " + world.client.state,
                cause);
    }
}
