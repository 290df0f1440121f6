package io.smc4j.actors.tcp;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import io.smc4j.actors.datapath.Window;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

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
    private MemorySegment aheadMemory;
    private @Nullable LentBuffer lent;
    private @Nullable MemorySegment lentReadOnly;
    private boolean lendingOver;
    private boolean end;

    TcpInput(SocketChannel socket, ByteString prefix) {
        this.socket = socket;
        byte[] first = prefix.toArray();
        this.ahead = ByteBuffer.wrap(first);
        this.aheadMemory = MemorySegment.ofArray(first);
    }

    /** Lends bytes read ahead. @return as {@link #read} */
    long peek(Window window) throws IOException {
        lock.lock();
        try {
            MemorySegment memory = lentReadOnly();
            long there = lookAhead() ? ahead.hasRemaining() ? ahead.remaining() : -1 : 0;
            window.show(memory, ahead.position(), there);
            return there;
        } finally {
            lock.unlock();
        }
    }

    /** So many of the bytes lent were read. */
    void release(long bytes) {
        lock.lock();
        try {
            ahead.position(ahead.position() + (int) bytes);
            count.setOpaque(count.getPlain() + bytes);
        } finally {
            lock.unlock();
        }
    }

    /** From the first time on bytes are read ahead into a buffer that can be lent. */
    private MemorySegment lentReadOnly() throws SmcException {
        MemorySegment known = lentReadOnly;
        if (known == null) {
            LentBuffer opened = new LentBuffer(lendingOver);
            int there = Math.min(ahead.remaining(), LentBuffer.SIZE);
            if (there < ahead.remaining()) {
                throw new SmcException(
                        Category.BUG, "more bytes were read ahead than can be lent: " + ahead.remaining());
            }
            opened.bytes().put(ahead).flip();
            ahead = opened.bytes();
            aheadMemory = opened.memory();
            lent = opened;
            known = opened.memory().asReadOnly();
            lentReadOnly = known;
        }
        return known;
    }

    /** Nothing is lent any more; what was not read is still there for {@link #read}. False if it is in use just now. */
    boolean closeViews() {
        lock.lock();
        try {
            lendingOver = true;
            LentBuffer open = lent;
            if (open == null) {
                return true;
            }
            if (lentReadOnly != null) {
                byte[] rest = new byte[ahead.remaining()];
                ahead.get(rest);
                ahead = ByteBuffer.wrap(rest);
                aheadMemory = MemorySegment.ofArray(rest);
                lentReadOnly = null;
            }
            return open.close();
        } finally {
            lock.unlock();
        }
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
        MemorySegment.copy(aheadMemory, ahead.position(), target, offset, taken);
        ahead.position(ahead.position() + taken);
        return taken;
    }

    /** Whether a read would give bytes or the end. Reads ahead to find out. */
    boolean lookAhead() throws IOException {
        lock.lock();
        try {
            if (!ahead.hasRemaining() && !end) {
                if (ahead.capacity() < AHEAD) {
                    byte[] larger = new byte[AHEAD];
                    ahead = ByteBuffer.wrap(larger);
                    aheadMemory = MemorySegment.ofArray(larger);
                }
                ahead.clear();
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
