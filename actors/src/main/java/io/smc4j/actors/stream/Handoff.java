package io.smc4j.actors.stream;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings something that must be closed from the thread that made it into a running stage, or gets rid of it if the stage stopped
 * meanwhile: whichever comes first, exactly one side has it. Holds one thing at a time.
 */
final class Handoff<T> {
    private sealed interface State<T> {
        record Open<T>() implements State<T> {}

        record Full<T>(T thing) implements State<T> {}

        record Closed<T>() implements State<T> {}
    }

    private final AtomicReference<State<T>> state = new AtomicReference<>(new State.Open<>());
    private final Consumer<T> dispose;

    Handoff(Consumer<T> dispose) {
        this.dispose = dispose;
    }

    /** Any thread, when nothing is in it. */
    void put(T thing) {
        State<T> before = state.getAndUpdate(s -> s instanceof State.Closed ? s : new State.Full<>(thing));
        if (before instanceof State.Closed) {
            dispose.accept(thing);
        }
    }

    /** The stage: what was put, which is the stage's from now on. */
    @Nullable
    T take() {
        State<T> before = state.getAndUpdate(s -> s instanceof State.Full ? new State.Open<>() : s);
        return before instanceof State.Full<T>(T thing) ? thing : null;
    }

    /** The stage stopped: disposes of what is in it, and of what is put later. */
    void close() {
        State<T> before = state.getAndSet(new State.Closed<>());
        if (before instanceof State.Full<T>(T thing)) {
            dispose.accept(thing);
        }
    }
}
