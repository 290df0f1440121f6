package io.smc4j.testkit.faults;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Things in order, some of them behind gates that open later. One thread. */
final class Gated<T> {
    /** What {@link #passes} waits for. */
    static final class Gate {
        private boolean open;

        void open() {
            open = true;
        }
    }

    /** Either a gate or a thing. */
    private record Item<T>(@Nullable Gate gate, @Nullable T thing) {}

    private final ArrayDeque<Item<T>> items = new ArrayDeque<>();

    boolean isEmpty() {
        return items.isEmpty();
    }

    void close(Gate gate) {
        items.add(new Item<>(gate, null));
    }

    void add(T thing) {
        items.add(new Item<>(null, thing));
    }

    /** Hands on what no closed gate holds. @param taker refuses if it cannot take now */
    void passes(Predicate<T> taker) {
        for (Item<T> item = items.peek(); item != null; item = items.peek()) {
            Gate gate = item.gate();
            T thing = item.thing();
            if (gate != null ? !gate.open : thing != null && !taker.test(thing)) {
                return;
            }
            items.remove();
        }
    }

    /** Hands on everything, whatever the gates. */
    void passesAll(Consumer<T> taker) {
        for (Item<T> item = items.poll(); item != null; item = items.poll()) {
            T thing = item.thing();
            if (thing != null) {
                taker.accept(thing);
            }
        }
    }
}
