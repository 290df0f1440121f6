package io.smc4j.testkit.explore;

import java.util.List;

/**
 * A world that can be explored: where it begins, what can happen in each of its states, and what must always hold.
 *
 * <p>States are values to the explorer: {@link Action#apply} never changes the state it is given. A model may share unchanged parts
 * between states. Everything is a function of the state alone (no clock, no chance), else a trace could not be replayed. One
 * thread at a time.
 *
 * @param <S> a state of the world
 */
public interface Model<S> {
    /** What is explored, for reports: one line. */
    String name();

    /** Where the world begins. */
    S initial();

    /** Everything that can happen next, always in the same order for equal states. */
    List<Action<S>> actions(S state);

    /**
     * Tells everything in which two states that behave differently differ. What does not matter for behaviour (a counter that is
     * only compared for equality, a clock) should be left out or made relative: that is what keeps the number of states small.
     */
    void fingerprint(S state, Fingerprint into);

    /** Must hold in every state; what one step can break is better checked inside the step. @throws BrokenPromise if it does not */
    default void check(S state) {}

    /** Must hold where no {@linkplain Action#duty duty} is left: nobody may wait there for anything. @throws BrokenPromise if not */
    default void checkRest(S state) {}

    /** What the explorer proves about endings when all states are known. */
    default Ending ending() {
        return Ending.ALWAYS_RESTS;
    }

    /** A state for a person who reads a trace; may have several lines. */
    default String describe(S state) {
        return String.valueOf(state);
    }

    /** What must be true of the way from any state on. */
    enum Ending {
        /** Nothing is checked. */
        ANY,
        /** From every state, duties alone can lead to rest. */
        CAN_REST,
        /** Wherever duties alone lead, they come to rest: there is no circle of duties. Implies {@link #CAN_REST}. */
        ALWAYS_RESTS
    }
}
