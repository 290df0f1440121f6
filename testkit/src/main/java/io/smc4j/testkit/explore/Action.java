package io.smc4j.testkit.explore;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Something that can happen in a state.
 *
 * @param title what happens, for a trace; asked only when a trace is printed
 * @param duty whether somebody must do it sooner or later (deliver a message, finish a step, let a deadline pass); otherwise it is
 *     the environment's choice (a failure, an application's call) and may never happen
 * @param effect makes the next state, without changing the given one
 * @param <S> a state of the world
 */
public record Action<S>(Supplier<String> title, boolean duty, Effect<S> effect) {
    /** Makes the next state. */
    @FunctionalInterface
    public interface Effect<S> {
        /**
         * @param log takes lines about what happens inside the step; it does nothing unless a trace is being printed
         * @throws BrokenPromise if the step breaks a promise
         */
        S apply(S state, Consumer<Supplier<String>> log);
    }

    /** Somebody's duty. */
    public static <S> Action<S> duty(Supplier<String> title, Effect<S> effect) {
        return new Action<>(title, true, effect);
    }

    /** The environment's choice. */
    public static <S> Action<S> choice(Supplier<String> title, Effect<S> effect) {
        return new Action<>(title, false, effect);
    }

    S apply(S state, Consumer<Supplier<String>> log) {
        return effect.apply(state, log);
    }
}
