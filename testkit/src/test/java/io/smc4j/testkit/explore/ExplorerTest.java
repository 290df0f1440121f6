package io.smc4j.testkit.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smc4j.testkit.explore.Model.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The explorer on worlds small enough to know everything about them. */
final class ExplorerTest {
    /**
     * Two counters that are each counted up to a limit, in any order.
     *
     * @param forbidden a sum that must not be reached, or -1
     * @param back whether a full counter may be set back, as a duty
     */
    private record Counters(int limit, int forbidden, boolean back, boolean mayStop) implements Model<int[]> {
        @Override
        public String name() {
            return "two counters up to " + limit;
        }

        @Override
        public int[] initial() {
            return new int[2];
        }

        @Override
        public List<Action<int[]>> actions(int[] state) {
            List<Action<int[]>> all = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int which = i;
                if (state[i] < limit) {
                    all.add(new Action<>(
                            () -> "count " + which, !mayStop, (from, log) -> set(from, which, from[which] + 1)));
                } else if (back) {
                    all.add(Action.duty(() -> "set back " + which, (from, log) -> set(from, which, 0)));
                }
            }
            return all;
        }

        private int[] set(int[] from, int which, int value) {
            int[] to = from.clone();
            to[which] = value;
            if (to[0] + to[1] == forbidden) {
                throw new BrokenPromise("SUM", "the sum is " + forbidden);
            }
            return to;
        }

        @Override
        public void fingerprint(int[] state, Fingerprint into) {
            into.add(state[0]).add(state[1]);
        }

        @Override
        public void checkRest(int[] state) {
            if (state[0] != limit || state[1] != limit) {
                throw new BrokenPromise("FULL", "stopped at " + state[0] + " and " + state[1]);
            }
        }

        @Override
        public String describe(int[] state) {
            return state[0] + " and " + state[1];
        }

        @Override
        public Ending ending() {
            return back ? Ending.ALWAYS_RESTS : Ending.CAN_REST;
        }
    }

    @Test
    void shouldSeeEveryStateOnce() {
        AtomicLong clock = new AtomicLong();
        Exploration all = new Explorer<>(new Counters(9, -1, false, false))
                .clock(() -> clock.getAndAdd(2_500_000_000L))
                .explore();
        assertThat(all.states()).isEqualTo(100);
        assertThat(all.edges()).isEqualTo(180);
        assertThat(all.depth()).isEqualTo(18);
        assertThat(all.rests()).isEqualTo(1);
        assertThat(all.complete()).isTrue();
        assertThat(all).hasToString("two counters up to 9: 100 states, 180 steps, depth 18, 1 at rest, 2.5 s");
    }

    @Test
    void shouldTellABrokenPromiseWithAShortestWay() {
        ExplorationFailed failed = fail(new Counters(9, 3, false, false));
        assertThat(failed.promise()).isEqualTo("SUM");
        assertThat(failed.steps()).containsExactly("count 0", "count 0", "count 0");
        assertThat(failed).hasMessageContaining("SUM: the sum is 3").hasMessageContaining("3. count 0");
    }

    @Test
    void shouldFindARestThatShouldNotBeOne() {
        ExplorationFailed failed = fail(new Counters(2, -1, false, true));
        assertThat(failed.promise()).isEqualTo("FULL");
        assertThat(failed.steps()).isEmpty();
    }

    @Test
    void shouldFindACircleOfDuties() {
        ExplorationFailed failed = fail(new Counters(2, -1, true, false));
        assertThat(failed.promise()).isEqualTo(ExplorationFailed.COMES_TO_REST);
        assertThat(failed).hasMessageContaining("here the circle begins").hasMessageContaining("set back");
    }

    @Test
    void shouldFindAStateFromWhichNothingLeadsToRest() {
        ExplorationFailed failed = fail(new Model<Integer>() {
            @Override
            public String name() {
                return "trap";
            }

            @Override
            public Integer initial() {
                return 0;
            }

            @Override
            public List<Action<Integer>> actions(Integer state) {
                return switch (state) {
                    case 0 -> List.of(go(1), go(2));
                    case 2 -> List.of(go(3));
                    case 3 -> List.of(go(2));
                    default -> List.of();
                };
            }

            private Action<Integer> go(int to) {
                return Action.duty(() -> "to " + to, (from, log) -> to);
            }

            @Override
            public void fingerprint(Integer state, Fingerprint into) {
                into.add(state);
            }

            @Override
            public Ending ending() {
                return Ending.CAN_REST;
            }
        });
        assertThat(failed.promise()).isEqualTo(ExplorationFailed.COMES_TO_REST);
        assertThat(failed.steps()).containsExactly("to 2");
    }

    @Test
    void shouldTellOfAnExceptionLikeOfABrokenPromise() {
        ExplorationFailed failed = fail(new Model<Integer>() {
            @Override
            public String name() {
                return "machine with a bug";
            }

            @Override
            public Integer initial() {
                return 0;
            }

            @Override
            public List<Action<Integer>> actions(Integer state) {
                return List.of(Action.duty(() -> "count", (from, log) -> {
                    log.accept(() -> "at " + from);
                    if (from == 2) {
                        throw new IllegalStateException("cannot count further");
                    }
                    return from + 1;
                }));
            }

            @Override
            public void fingerprint(Integer state, Fingerprint into) {
                into.add(state);
            }
        });
        assertThat(failed.promise()).isEqualTo(ExplorationFailed.NO_EXCEPTION);
        assertThat(failed.steps()).hasSize(3);
        assertThat(failed).hasMessageContaining("cannot count further").hasMessageContaining("at 2");
    }

    @Test
    void shouldStopAtTheLimitAndSaySo() {
        Exploration some =
                new Explorer<>(new Counters(1000, -1, false, false)).limit(5000).explore();
        assertThat(some.complete()).isFalse();
        assertThat(some.states()).isBetween(5000, 5002);
        assertThat(some.toString()).contains("cut off");
    }

    @Test
    void shouldTellManyStatesApart() {
        Exploration all = new Explorer<>(new Counters(499, -1, false, false)).explore();
        assertThat(all.states()).isEqualTo(250_000);
    }

    private static <S> ExplorationFailed fail(Model<S> model) {
        return catchThrowableOfType(ExplorationFailed.class, () -> new Explorer<>(model).explore());
    }
}
