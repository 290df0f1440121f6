package io.smc4j.actors.channel;

import io.smc4j.SmcClaim;
import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import io.smc4j.actors.datapath.Window;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The writing half of a channel, for one thread at a time. Allocates nothing per call. */
final class WritingSide {
    private final ChannelState state;
    private final OneThread writers = new OneThread("write");
    private final BufferSegments sources = new BufferSegments();
    private final Claim claim = new Claim();

    WritingSide(ChannelState state) {
        this.state = state;
    }

    int write(ByteBuffer source) throws SmcException {
        writers.enter();
        try {
            int before = source.remaining();
            int count = accepted(source);
            while (source.hasRemaining()) {
                if (count == 0) {
                    state.awaitWritable();
                }
                count = accepted(source);
            }
            return before;
        } finally {
            writers.leave();
        }
    }

    int tryWrite(ByteBuffer source) throws SmcException {
        writers.enter();
        try {
            return accepted(source);
        } finally {
            writers.leave();
        }
    }

    long tryWrite(MemorySegment source, long offset, long length) throws SmcException {
        writers.enter();
        try {
            return transfer(source, offset, length);
        } finally {
            writers.leave();
        }
    }

    void writeUrgent(byte value) throws SmcException {
        writers.enter();
        try {
            while (!transferUrgent(value)) {
                state.awaitWritable();
            }
        } finally {
            writers.leave();
        }
    }

    long write(ByteBuffer[] buffers, int offset, int length) throws SmcException {
        writers.enter();
        try {
            long total = accepted(buffers, offset, length);
            while (Buffers.haveRemaining(buffers, offset, length)) {
                long count = accepted(buffers, offset, length);
                if (count == 0) {
                    state.awaitWritable();
                }
                total += count;
            }
            return total;
        } finally {
            writers.leave();
        }
    }

    long tryWrite(ByteBuffer[] buffers, int offset, int length) throws SmcException {
        writers.enter();
        try {
            return accepted(buffers, offset, length);
        } finally {
            writers.leave();
        }
    }

    SmcClaim tryClaim(long most) throws SmcException {
        writers.enter();
        try {
            long _ = lend(most);
            return claim;
        } finally {
            writers.leave();
        }
    }

    SmcClaim claim(long most) throws SmcException {
        writers.enter();
        try {
            while (lend(most) == 0) {
                state.awaitWritable();
            }
            return claim;
        } finally {
            writers.leave();
        }
    }

    private int accepted(ByteBuffer source) throws SmcException {
        int position = source.position();
        int count = (int) transfer(sources.of(source), position, source.remaining());
        ByteBuffer _ = source.position(position + count);
        return count;
    }

    private long accepted(ByteBuffer[] buffers, int offset, int length) throws SmcException {
        int _ = Objects.checkFromIndexSize(offset, length, buffers.length);
        long total = 0;
        for (int i = 0; i < length; i++) {
            ByteBuffer source = buffers[offset + i];
            if (source.hasRemaining()) {
                int position = source.position();
                int count = (int) transfer(sources.of(source, i), position, source.remaining());
                ByteBuffer _ = source.position(position + count);
                total += count;
                if (source.hasRemaining()) {
                    break;
                }
            }
        }
        return total;
    }

    private long transfer(MemorySegment source, long offset, long length) throws SmcException {
        state.requireOutput();
        claim.requireNone();
        try {
            return state.endpoint.tryWrite(source, offset, length);
        } catch (SmcException e) {
            throw state.noted(e);
        }
    }

    private boolean transferUrgent(byte value) throws SmcException {
        state.requireOutput();
        claim.requireNone();
        try {
            return state.endpoint.tryWriteUrgent(value);
        } catch (SmcException e) {
            throw state.noted(e);
        }
    }

    private long lend(long most) throws SmcException {
        state.requireOutput();
        claim.requireNone();
        if (most <= 0) {
            throw new SmcException(Category.BUG, "A claim is of 1 byte or more, not " + most);
        }
        try {
            return state.endpoint.claim(claim.window, most);
        } catch (SmcException e) {
            throw state.noted(e);
        }
    }

    /** Space that was lent. */
    private final class Claim implements SmcClaim {
        private final Window window = new Window();

        private void requireNone() throws SmcException {
            if (window.length() > 0) {
                throw new SmcException(
                        Category.BUG,
                        "A claim of " + window.length()
                                + " bytes was not given back: commit or abort it before writing anything else");
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
        public void commit(long bytes) throws SmcException {
            writers.enter();
            try {
                state.requireOutput();
                ChannelState.requireWithin("commit", bytes, window, "claimed");
                window.clear();
                if (bytes > 0) {
                    state.endpoint.commit(bytes);
                }
            } catch (SmcException e) {
                throw state.noted(e);
            } finally {
                writers.leave();
            }
        }

        @Override
        public void abort() {
            window.clear();
        }
    }
}
