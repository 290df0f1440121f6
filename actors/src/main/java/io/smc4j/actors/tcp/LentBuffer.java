package io.smc4j.actors.tcp;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** A buffer that an application may use in place until it is closed. Guarded by the lock of whoever has it. */
final class LentBuffer {
    /** Bytes. */
    static final int SIZE = 64 * 1024;

    private final Arena arena;
    private final MemorySegment memory;
    private final ByteBuffer bytes;

    /** @param closed whether there must not be one any more */
    @SuppressWarnings("MustBeClosedChecker") // close() does
    LentBuffer(boolean closed) throws SmcException {
        if (closed) {
            throw new SmcException(Category.BUG, "the connection was closed: its memory is not lent any more");
        }
        arena = Arena.ofShared();
        memory = arena.allocate(SIZE);
        bytes = memory.asByteBuffer();
    }

    MemorySegment memory() {
        return memory;
    }

    /** All of it, with position and limit for whoever has the buffer. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Ends it: an access throws from now on. False if a system call is using it at this moment. Idempotent. */
    boolean close() {
        if (!arena.scope().isAlive()) {
            return true;
        }
        try {
            arena.close();
            return true;
        } catch (IllegalStateException e) {
            return false; // acquired by a call out of the JVM
        }
    }
}
