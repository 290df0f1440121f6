package io.smc4j.testkit.explore;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Walks breadth first through every state of a {@link Model}. The first broken promise ends it, told with a shortest way to it.
 *
 * <p>Of a state that was explored 16 bytes of fingerprint and some numbers are kept (about 100 bytes with its steps); states
 * themselves only while they wait to be explored. One thread.
 *
 * @param <S> a state of the model
 */
public final class Explorer<S> {
    private static final int CIRCLE_SHOWN = 40;

    private final Model<S> model;
    private int limit = Integer.MAX_VALUE;
    private LongSupplier nanoClock = System::nanoTime;

    private final StateTable seen = new StateTable();
    private final IntColumn parents = new IntColumn();
    private final IntColumn choices = new IntColumn();
    private final Graph graph = new Graph();
    private final Fingerprint fingerprint = new Fingerprint();
    private final Set<String> titles = new TreeSet<>();
    private @org.jspecify.annotations.Nullable Consumer<String> coverage;

    public Explorer(Model<S> model) {
        this.model = model;
    }

    /** Stops without complaint after so many states; the result says so. */
    public Explorer<S> limit(int states) {
        limit = states;
        return this;
    }

    /** Where the time in the result comes from. */
    public Explorer<S> clock(LongSupplier nanos) {
        nanoClock = nanos;
        return this;
    }

    /** Hears the title of every kind of action the first time it is taken; costs time. For finding out what a model never does. */
    public Explorer<S> coverage(Consumer<String> titleHeard) {
        coverage = titleHeard;
        return this;
    }

    private record Node<S>(S state, int number) {}

    /**
     * Explores. Once per explorer.
     *
     * @throws ExplorationFailed if a promise is broken
     */
    public Exploration explore() {
        long start = nanoClock.getAsLong();
        Deque<Node<S>> open = new ArrayDeque<>();
        S first = model.initial();
        number(first);
        parents.add(-1);
        choices.add(-1);
        open.add(new Node<>(first, 0));
        long edges = 0;
        int rests = 0;
        int depth = 0;
        int lastOfDepth = 0;
        int widest = 1;
        for (Node<S> from = open.poll(); from != null; from = open.poll()) {
            if (from.number() > lastOfDepth) {
                depth++;
                lastOfDepth = seen.size() - 1;
            }
            if (seen.size() >= limit) {
                return result(edges, depth, rests, false, widest, start);
            }
            S state = from.state();
            graph.nextState();
            List<Action<S>> actions = actions(from);
            boolean rest = true;
            for (int i = 0; i < actions.size(); i++) {
                Action<S> action = actions.get(i);
                S to = take(from.number(), i, action, state);
                edges++;
                int known = seen.size();
                int number = number(to);
                if (action.duty()) {
                    rest = false;
                    graph.duty(number);
                }
                if (number == known) {
                    parents.add(from.number());
                    choices.add(i);
                    open.add(new Node<>(to, number));
                }
            }
            widest = Math.max(widest, open.size());
            if (rest) {
                rests++;
                guard(from.number(), -1, () -> model.checkRest(state));
            }
        }
        checkEnding();
        return result(edges, depth, rests, true, widest, start);
    }

    private Exploration result(long edges, int depth, int rests, boolean complete, int widest, long start) {
        return new Exploration(
                model.name(),
                seen.size(),
                edges,
                depth,
                rests,
                complete,
                widest,
                Duration.ofNanos(nanoClock.getAsLong() - start));
    }

    private List<Action<S>> actions(Node<S> from) {
        List<Action<S>> actions = new ArrayList<>();
        guard(from.number(), -1, () -> {
            model.check(from.state());
            actions.addAll(model.actions(from.state()));
        });
        return actions;
    }

    private S take(int from, int choice, Action<S> action, S state) {
        if (coverage != null && titles.add(action.title().get())) {
            coverage.accept(action.title().get());
        }
        try {
            return action.apply(state, line -> {});
        } catch (RuntimeException | AssertionError e) {
            throw failed(from, choice, e);
        }
    }

    private void guard(int state, int choice, Runnable check) {
        try {
            check.run();
        } catch (RuntimeException | AssertionError e) {
            throw failed(state, choice, e);
        }
    }

    private int number(S state) {
        fingerprint.reset();
        model.fingerprint(state, fingerprint);
        return seen.number(fingerprint.first(), fingerprint.second());
    }

    private void checkEnding() {
        List<Integer> circle = switch (model.ending()) {
            case ANY -> List.<Integer>of();
            case CAN_REST -> {
                int stuck = graph.stuck();
                yield stuck < 0 ? List.of() : List.of(stuck);
            }
            case ALWAYS_RESTS -> graph.circle();
        };
        if (circle.isEmpty()) {
            return;
        }
        BrokenPromise broken = new BrokenPromise(
                ExplorationFailed.COMES_TO_REST,
                circle.size() == 1 && model.ending() == Model.Ending.CAN_REST
                        ? "from here no duties lead to rest"
                        : "from here duties can go in a circle of " + circle.size() + " steps");
        Replay<S> replay = new Replay<>(model);
        replay.run(way(circle.getFirst(), -1));
        if (model.ending() == Model.Ending.ALWAYS_RESTS) {
            replay.note("here the circle begins");
            for (int i = 0; i < Math.min(circle.size(), CIRCLE_SHOWN); i++) {
                int next = circle.get((i + 1) % circle.size());
                replay.stepTo(state -> number(state) == next);
            }
        }
        throw replay.failure(ExplorationFailed.COMES_TO_REST, broken);
    }

    private ExplorationFailed failed(int state, int lastChoice, Throwable cause) {
        Replay<S> replay = new Replay<>(model);
        replay.run(way(state, lastChoice));
        return replay.failure(
                cause instanceof BrokenPromise broken ? broken.promise() : ExplorationFailed.NO_EXCEPTION, cause);
    }

    private List<Integer> way(int state, int lastChoice) {
        List<Integer> way = new ArrayList<>();
        if (lastChoice >= 0) {
            way.add(lastChoice);
        }
        for (int at = state; at > 0; at = parents.get(at)) {
            way.addFirst(choices.get(at));
        }
        return way;
    }

    /** Walks a known way again, this time telling what happens. */
    private static final class Replay<S> {
        private final Model<S> model;
        private final List<String> lines = new ArrayList<>();
        private final List<String> steps = new ArrayList<>();
        private S state;

        Replay(Model<S> model) {
            this.model = model;
            state = model.initial();
        }

        void run(List<Integer> way) {
            for (int choice : way) {
                step(model.actions(state).get(choice));
            }
        }

        void stepTo(java.util.function.Predicate<S> wanted) {
            for (Action<S> action : model.actions(state)) {
                if (action.duty() && wanted.test(action.apply(state, line -> {}))) {
                    step(action);
                    return;
                }
            }
        }

        private void step(Action<S> action) {
            steps.add(action.title().get());
            lines.add("%3d. %s".formatted(steps.size(), steps.getLast()));
            Consumer<Supplier<String>> log = line -> lines.add("       " + line.get());
            try {
                state = action.apply(state, log);
            } catch (RuntimeException | AssertionError e) {
                lines.add("  => " + e.getMessage());
            }
        }

        void note(String line) {
            lines.add("  -- " + line);
        }

        ExplorationFailed failure(String promise, Throwable cause) {
            String message = "%s%nin %s, after %d steps:%n%s%nbefore the last step, or where it stands:%n%s"
                    .formatted(
                            cause.getMessage() == null ? cause.toString() : cause.getMessage(),
                            model.name(),
                            steps.size(),
                            String.join(System.lineSeparator(), lines),
                            model.describe(state));
            return new ExplorationFailed(promise, message, steps, cause);
        }
    }
}
