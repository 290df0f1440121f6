package io.smc4j.benchmarks.perf.peer;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One end of a connection as blocking code sees it. One thread uses it; {@link #close} from any. */
interface Wire extends AutoCloseable {
    /** Reads at least one byte. @return how many, or -1 at the end */
    int read(ByteBuffer target) throws IOException;

    /** Writes all that remains. */
    void write(ByteBuffer source) throws IOException;

    @Override
    void close();

    /**
     * Answers requests of {@code size} bytes from now on, without a thread that waits for them.
     *
     * @throws UnsupportedOperationException if it takes a thread
     */
    default void answerWithoutThread(int size) throws IOException {
        throw new UnsupportedOperationException("a connection of this peer needs a thread");
    }

    /** Reads at least one byte and at most {@code most}, which nobody looks at. @return how many, or -1 at the end */
    default int skip(ByteBuffer scratch, int most) throws IOException {
        return read(scratch.clear().limit(Math.min(scratch.capacity(), most)));
    }

    /** Reads a message as large as the buffer and writes it back. @return false if the end came first */
    default boolean echo(ByteBuffer message) throws IOException {
        if (!fill(message.clear())) {
            return false;
        }
        write(message.flip());
        return true;
    }

    /** Reads until {@code target} is full. @return false if the end came first */
    default boolean fill(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (read(target) < 0) {
                return false;
            }
        }
        return true;
    }
}
