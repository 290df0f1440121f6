package io.smc4j.actors.channel;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One direction of a pair of {@link MemoryEndpoint}s: a ring of a few bytes under a lock. */
final class MemoryPipe {
    private final byte[] ring;
    private long written;
    private long read;
    private boolean writingStopped;
    private boolean readingStopped;
    private @Nullable SmcException failure;
    private final List<Runnable> onReadable = new ArrayList<>();
    private final List<Runnable> onWritable = new ArrayList<>();

    MemoryPipe(int capacity) {
        this.ring = new byte[capacity];
    }

    synchronized long written() {
        return written;
    }

    synchronized long readSoFar() {
        return read;
    }

    long read(MemorySegment target, long offset, long length) throws SmcException {
        int count;
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
            if (readingStopped || written == read && writingStopped) {
                return -1;
            }
            count = (int) Math.min(length, written - read);
            for (int i = 0; i < count; i++) {
                target.set(ValueLayout.JAVA_BYTE, offset + i, ring[(int) ((read + i) % ring.length)]);
            }
            read += count;
        }
        changed();
        return count;
    }

    /** What is there and not read, nothing if reading would fail or end. */
    synchronized byte[] copy() {
        boolean over = failure != null || readingStopped;
        byte[] copy = new byte[over ? 0 : (int) (written - read)];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = ring[(int) ((read + i) % ring.length)];
        }
        return copy;
    }

    long write(MemorySegment source, long offset, long length) throws SmcException {
        int count;
        synchronized (this) {
            if (failure != null) {
                throw failure;
            }
            if (writingStopped) {
                throw new SmcException(Category.BUG, "writing was stopped");
            }
            count = (int) Math.min(length, ring.length - (written - read));
            for (int i = 0; i < count; i++) {
                ring[(int) ((written + i) % ring.length)] = source.get(ValueLayout.JAVA_BYTE, offset + i);
            }
            written += count;
        }
        changed();
        return count;
    }

    synchronized boolean readable() {
        return written > read || writingStopped || readingStopped || failure != null;
    }

    synchronized boolean writable() {
        return written - read < ring.length || writingStopped || failure != null;
    }

    synchronized void awaitReadable(long nanos) throws InterruptedException {
        if (!readable()) {
            wait(Math.max(1, nanos / 1_000_000));
        }
    }

    synchronized void awaitWritable(long nanos) throws InterruptedException {
        if (!writable()) {
            wait(Math.max(1, nanos / 1_000_000));
        }
    }

    void onReadable(Runnable callback) {
        synchronized (this) {
            onReadable.add(callback);
        }
        changed();
    }

    void onWritable(Runnable callback) {
        synchronized (this) {
            onWritable.add(callback);
        }
        changed();
    }

    void stopWriting() {
        synchronized (this) {
            writingStopped = true;
        }
        changed();
    }

    void stopReading() {
        synchronized (this) {
            readingStopped = true;
        }
        changed();
    }

    void fail(SmcException reason) {
        synchronized (this) {
            if (failure == null) {
                failure = reason;
            }
        }
        changed();
    }

    private void changed() {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            notifyAll();
            if (readable()) {
                due.addAll(onReadable);
                onReadable.clear();
            }
            if (writable()) {
                due.addAll(onWritable);
                onWritable.clear();
            }
        }
        due.forEach(Runnable::run);
    }
}
