package io.smc4j.actors.tcp;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pekko.util.ByteString;

/**
 * Bytes from a non-blocking socket, with those in front that were read from it before. Short reads and the question whether there
 * is anything read ahead into a small buffer; long reads go straight to their target. Any thread; the lock is held for one
 * system call at most.
 */
final class TcpInput {
    /** Bytes read ahead, and the shortest read that goes past the buffer. */
    static final int AHEAD = 16 * 1024;

    /** Most bytes in one system call: for heap memory the JDK keeps a native copy of that size per thread. */
    static final int MOST = 128 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final SocketChannel socket;
    private final AtomicLong count = new AtomicLong();
    private ByteBuffer ahead;
    private boolean end;

    TcpInput(SocketChannel socket, ByteString prefix) {
        this.socket = socket;
        this.ahead = ByteBuffer.wrap(prefix.toArray());
    }

    /** Reads what is there: 0 if nothing is now, -1 at the end. */
    long read(MemorySegment target, long offset, long length) throws IOException {
        lock.lock();
        try {
            long read;
            if (length == 0) {
                read = 0;
            } else if (ahead.hasRemaining() || length < AHEAD || !TcpSockets.viewable(target)) {
                read = lookAhead() ? takeAhead(target, offset, length) : 0;
            } else {
                read = end ? -1 : socket.read(TcpSockets.view(target, offset, length));
                end = read < 0;
            }
            if (read > 0) {
                count.setOpaque(count.getPlain() + read);
            }
            return read;
        } finally {
            lock.unlock();
        }
    }

    private int takeAhead(MemorySegment target, long offset, long length) {
        if (!ahead.hasRemaining()) {
            return -1;
        }
        int taken = (int) Math.min(length, ahead.remaining());
        MemorySegment.copy(ahead.array(), ahead.position(), target, ValueLayout.JAVA_BYTE, offset, taken);
        ahead.position(ahead.position() + taken);
        return taken;
    }

    /** Whether a read would give bytes or the end. Reads ahead to find out. */
    boolean lookAhead() throws IOException {
        lock.lock();
        try {
            if (!ahead.hasRemaining() && !end) {
                ahead = ahead.capacity() == AHEAD ? ahead.clear() : ByteBuffer.allocate(AHEAD);
                try {
                    end = socket.read(ahead) < 0;
                } finally {
                    ahead.flip();
                }
            }
            return ahead.hasRemaining() || end;
        } finally {
            lock.unlock();
        }
    }

    /** Whether all bytes were read and the peer's end was seen. */
    boolean atEnd() {
        lock.lock();
        try {
            return end && !ahead.hasRemaining();
        } finally {
            lock.unlock();
        }
    }

    /** Whether there are bytes that nobody has read. */
    boolean hasUnread() {
        lock.lock();
        try {
            return lookAhead() && ahead.hasRemaining();
        } catch (IOException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes handed out so far. */
    long count() {
        return count.getOpaque();
    }
}
