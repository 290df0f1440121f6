package io.smc4j.actors.tcp;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes to a non-blocking socket; keeps none of them. Any thread; the lock is held for one system call at most, and keeps a
 * shutdown from cutting a write in two.
 */
final class TcpOutput {
    /** {@link #write} was stopped. */
    static final int STOPPED = -1;

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final ReentrantLock lock = new ReentrantLock();
    private final SocketChannel socket;
    private final AtomicLong count = new AtomicLong();
    private ByteBuffer bounce = NONE;
    private volatile boolean blocked;
    private volatile boolean stopped;

    TcpOutput(SocketChannel socket) {
        this.socket = socket;
    }

    /** Writes what the kernel takes: 0 if it has no room, {@link #STOPPED} after {@link #stop}. */
    long write(MemorySegment source, long offset, long length) throws IOException {
        lock.lock();
        try {
            if (stopped) {
                return STOPPED;
            }
            if (length == 0) {
                return 0;
            }
            ByteBuffer bytes = length < TcpInput.AHEAD || !TcpSockets.viewable(source)
                    ? copy(source, offset, length)
                    : TcpSockets.view(source, offset, length);
            int written = socket.write(bytes);
            blocked = bytes.hasRemaining();
            count.setOpaque(count.getPlain() + written);
            return written;
        } finally {
            lock.unlock();
        }
    }

    private ByteBuffer copy(MemorySegment source, long offset, long length) {
        int size = (int) Math.min(length, TcpInput.AHEAD);
        if (bounce.capacity() == 0) {
            bounce = ByteBuffer.allocate(TcpInput.AHEAD);
        }
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, bounce.array(), 0, size);
        return bounce.clear().limit(size);
    }

    /** Whether the kernel took less than it was offered and has not reported room since. */
    boolean blocked() {
        return blocked;
    }

    void unblock() {
        blocked = false;
    }

    boolean stopped() {
        return stopped;
    }

    /** No write from now on. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes taken so far. */
    long count() {
        return count.getOpaque();
    }
}
