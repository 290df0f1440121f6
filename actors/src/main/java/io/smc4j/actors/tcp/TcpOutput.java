package io.smc4j.actors.tcp;

import io.smc4j.actors.datapath.Window;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to a non-blocking socket. Keeps none of them, but what the kernel did not take of a {@link #commit}. Any thread; the lock is held for one system call at most, and keeps a
 * shutdown from cutting a write in two.
 */
final class TcpOutput {
    /** {@link #write} was stopped. */
    static final int STOPPED = -1;

    /** How the JDK's socket says of urgent data what a write says by returning 0. */
    private static final String NO_ROOM = "Socket buffer full";

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final ReentrantLock lock = new ReentrantLock();
    private final SocketChannel socket;
    private final AtomicLong count = new AtomicLong();
    private ByteBuffer bounce = NONE;
    private ByteBuffer rest = NONE;
    private @Nullable IOException broken;
    private @Nullable LentBuffer lent;
    private boolean lendingOver;
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
            if (length == 0 || !flush()) {
                return 0;
            }
            ByteBuffer bytes = length < TcpInput.AHEAD || !TcpSockets.viewable(source)
                    ? copy(source, offset, length)
                    : TcpSockets.view(source, offset, length);
            int written = send(bytes);
            blocked = bytes.hasRemaining();
            count.setOpaque(count.getPlain() + written);
            return written;
        } finally {
            lock.unlock();
        }
    }

    /** Writes a byte as TCP's urgent data: 0 if the kernel has no room, {@link #STOPPED} after {@link #stop}. */
    int writeUrgent(byte value) throws IOException {
        lock.lock();
        try {
            if (stopped) {
                return STOPPED;
            }
            if (!flush() || blocked) {
                return 0;
            }
            try {
                socket.socket().sendUrgentData(value);
            } catch (IOException e) {
                if (!NO_ROOM.equals(e.getMessage())) {
                    broken = e;
                    throw e;
                }
                blocked = true;
                return 0;
            }
            count.setOpaque(count.getPlain() + 1);
            return 1;
        } finally {
            lock.unlock();
        }
    }

    /** Lends space. @return how much; 0 if the kernel has no room, {@link #STOPPED} after {@link #stop} */
    long claim(Window window, long most) throws IOException {
        lock.lock();
        try {
            if (stopped) {
                return STOPPED;
            }
            LentBuffer buffer = lent;
            if (buffer == null || lendingOver) {
                buffer = new LentBuffer(lendingOver);
                lent = buffer;
            }
            long there = flush() ? Math.min(most, LentBuffer.SIZE) : 0;
            window.show(buffer.memory(), 0, there);
            return there;
        } finally {
            lock.unlock();
        }
    }

    /** Writes the first bytes of the space lent; what the kernel does not take is kept for {@link #flush}. False after stop(). */
    boolean commit(long bytes) throws IOException {
        lock.lock();
        try {
            LentBuffer buffer = lent;
            if (stopped || buffer == null || lendingOver) {
                return false;
            }
            ByteBuffer ready = buffer.bytes().clear().limit((int) bytes);
            int _ = send(ready);
            if (ready.hasRemaining()) {
                blocked = true;
                rest = ByteBuffer.allocate(ready.remaining()).put(ready).flip();
            }
            count.setOpaque(count.getPlain() + bytes);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is kept. True if nothing is left. */
    boolean flush() throws IOException {
        lock.lock();
        try {
            if (rest.hasRemaining()) {
                int _ = send(rest);
                blocked = rest.hasRemaining();
            }
            if (rest.hasRemaining()) {
                return false;
            }
            rest = NONE;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** With the lock. */
    private int send(ByteBuffer bytes) throws IOException {
        try {
            return socket.write(bytes);
        } catch (IOException e) {
            broken = e;
            throw e;
        }
    }

    /**
     * How writing found the connection broken, or null. The kernel tells of a reset once: if it told a writer, a reader sees what
     * looks like the end of the stream. A writer that is just being told is waited for.
     */
    @Nullable
    IOException broken() {
        lock.lock();
        try {
            return broken;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is kept. */
    boolean isFlushed() {
        lock.lock();
        try {
            return !rest.hasRemaining();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is lent any more. False if it is in use just now. */
    boolean closeViews() {
        lock.lock();
        try {
            lendingOver = true;
            return lent == null || lent.close();
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
