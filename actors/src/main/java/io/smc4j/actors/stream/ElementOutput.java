package io.smc4j.actors.stream;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;

/** Puts the elements of a stream into a channel, one after the other. One stage's. */
interface ElementOutput<T> {
    /** Takes the next element, when the one before is written. */
    void add(T element);

    /** Whether all of it is written. */
    boolean isEmpty();

    /** Writes as much as there is room for. True if nothing is left. */
    boolean writeTo(SmcChannel channel) throws SmcException;
}
