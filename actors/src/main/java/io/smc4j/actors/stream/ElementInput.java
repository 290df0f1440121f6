package io.smc4j.actors.stream;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import org.jspecify.annotations.Nullable;

/** Takes bytes out of a channel, as elements of a stream. One stage's. */
interface ElementInput<T> {
    /** What is there, at most a chunk; null if nothing is now, or at the end. The element before is done with. */
    @Nullable
    T readFrom(SmcChannel channel) throws SmcException;

    /** Reads and forgets. False if there was nothing. */
    boolean dropFrom(SmcChannel channel) throws SmcException;

    /** Whether the end of the stream was seen. */
    boolean atEnd();
}
