package io.smc4j.actors.channel;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import io.smc4j.SmcPeek;
import io.smc4j.actors.datapath.Window;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The reading half of a channel, for one thread at a time. Allocates nothing per call. */
final class ReadingSide {
    private final ChannelState state;
    private final OneThread readers = new OneThread("read");
    private final BufferSegments targets = new BufferSegments();
    private final Peek peek = new Peek();

    ReadingSide(ChannelState state) {
        this.state = state;
    }

    int read(ByteBuffer target) throws SmcException {
        readers.enter();
        try {
            int count = available(target);
            while (count == 0 && target.hasRemaining()) {
                state.awaitReadable();
                count = available(target);
            }
            return count;
        } finally {
            readers.leave();
        }
    }

    int tryRead(ByteBuffer target) throws SmcException {
        readers.enter();
        try {
            return available(target);
        } finally {
            readers.leave();
        }
    }

    long tryRead(MemorySegment target, long offset, long length) throws SmcException {
        readers.enter();
        try {
            return transfer(target, offset, length);
        } finally {
            readers.leave();
        }
    }

    long read(ByteBuffer[] buffers, int offset, int length) throws SmcException {
        readers.enter();
        try {
            long count = available(buffers, offset, length);
            while (count == 0 && Buffers.haveRemaining(buffers, offset, length)) {
                state.awaitReadable();
                count = available(buffers, offset, length);
            }
            return count;
        } finally {
            readers.leave();
        }
    }

    long tryRead(ByteBuffer[] buffers, int offset, int length) throws SmcException {
        readers.enter();
        try {
            return available(buffers, offset, length);
        } finally {
            readers.leave();
        }
    }

    SmcPeek tryPeek() throws SmcException {
        readers.enter();
        try {
            long _ = look();
            return peek;
        } finally {
            readers.leave();
        }
    }

    SmcPeek peek() throws SmcException {
        readers.enter();
        try {
            while (look() == 0) {
                state.awaitReadable();
            }
            return peek;
        } finally {
            readers.leave();
        }
    }

    private int available(ByteBuffer target) throws SmcException {
        int position = target.position();
        int count = (int) transfer(targets.of(target), position, target.remaining());
        if (count > 0) {
            ByteBuffer _ = target.position(position + count);
        }
        return count;
    }

    private long available(ByteBuffer[] buffers, int offset, int length) throws SmcException {
        int _ = Objects.checkFromIndexSize(offset, length, buffers.length);
        long total = 0;
        for (int i = 0; i < length; i++) {
            ByteBuffer target = buffers[offset + i];
            if (!target.hasRemaining()) {
                continue;
            }
            int position = target.position();
            int count = (int) transfer(targets.of(target, i), position, target.remaining());
            if (count <= 0) {
                return total == 0 ? count : total;
            }
            ByteBuffer _ = target.position(position + count);
            total += count;
        }
        return total;
    }

    private long transfer(MemorySegment target, long offset, long length) throws SmcException {
        state.requireOpen();
        peek.requireNone();
        try {
            return open(state.endpoint.tryRead(target, offset, length));
        } catch (SmcException e) {
            throw state.noted(e);
        }
    }

    private long look() throws SmcException {
        state.requireOpen();
        peek.requireNone();
        try {
            return open(state.endpoint.peek(peek.window));
        } catch (SmcException e) {
            throw state.noted(e);
        }
    }

    private long open(long count) throws SmcException {
        if (count < 0) {
            state.requireOpen(); // closed meanwhile: then this is no end of the peer's making
        }
        return count;
    }

    /** Bytes that were lent. */
    private final class Peek implements SmcPeek {
        private final Window window = new Window();

        private void requireNone() throws SmcException {
            if (window.length() > 0) {
                throw new SmcException(
                        Category.BUG,
                        "A peek of " + window.length()
                                + " bytes was not released: release it before reading anything else");
            }
        }

        @Override
        public long length() {
            return window.length();
        }

        @Override
        public MemorySegment memory() {
            return window.memory();
        }

        @Override
        public long offset() {
            return window.offset();
        }

        @Override
        public void release(long bytes) throws SmcException {
            readers.enter();
            try {
                state.requireOpen();
                ChannelState.requireWithin("release", bytes, window, "there");
                window.clear();
                if (bytes > 0) {
                    state.endpoint.release(bytes);
                }
            } catch (SmcException e) {
                throw state.noted(e);
            } finally {
                readers.leave();
            }
        }
    }
}
