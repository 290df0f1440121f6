package io.smc4j.benchmarks.perf.peer;

import io.smc4j.benchmarks.ring.BareRing;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Two bare rings in a mapped file, one for each direction, as large as smc4j's SMC-D buffers by default. Both ends spin without ever
 * yielding. One connection.
 */
final class RingPeer extends BlockingPeer {
    private static final long CAPACITY = 256 * 1024;
    private static final long STRIDE = (BareRing.bytes(CAPACITY) + 4095) / 4096 * 4096;

    /** Looks at an empty ring between two looks at whether the other end is gone. */
    private static final int LOOKS = 1024;

    private final Path directory;

    RingPeer(Path directory) {
        this.directory = directory;
    }

    @Override
    Acceptor listen() throws IOException {
        Path file = directory.resolve("ring-" + ProcessHandle.current().pid());
        Files.deleteIfExists(file);
        return new RingAcceptor(file, RingWire.map(file, true));
    }

    @Override
    Wire connect(String address) throws IOException {
        return RingWire.map(Path.of(address), false);
    }

    @Override
    public long connectOnce(String address) {
        throw new UnsupportedOperationException("a bare ring has no connections to set up");
    }

    @Override
    public void close() {
        // Rings are freed with their wires.
    }

    /** The one connection is there from the start; there is no second one. */
    private static final class RingAcceptor implements Acceptor {
        private final Path file;
        private final CountDownLatch closed = new CountDownLatch(1);
        private @Nullable RingWire wire;

        RingAcceptor(Path file, RingWire wire) {
            this.file = file;
            this.wire = wire;
        }

        @Override
        public String address() {
            return file.toString();
        }

        @Override
        public Wire accept() throws IOException, InterruptedException {
            RingWire only = wire;
            wire = null;
            if (only != null) {
                return only;
            }
            closed.await();
            throw new IOException("closed");
        }

        @Override
        public void close() {
            closed.countDown();
            Quietly.close(() -> Files.deleteIfExists(file));
        }
    }

    /** Memory is mapped until the process ends: a thread may still look at it when the wire is closed. */
    private static final class RingWire implements Wire {
        private final BareRing in;
        private final BareRing out;
        private final Segments reading = new Segments();
        private final Segments writing = new Segments();

        private RingWire(BareRing in, BareRing out) {
            this.in = in;
            this.out = out;
        }

        static RingWire map(Path file, boolean server) throws IOException {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2 * STRIDE, Arena.global());
                BareRing first = new BareRing(memory.asSlice(0, STRIDE), CAPACITY);
                BareRing second = new BareRing(memory.asSlice(STRIDE, STRIDE), CAPACITY);
                return server ? new RingWire(first, second) : new RingWire(second, first);
            }
        }

        @Override
        public int read(ByteBuffer target) {
            MemorySegment segment = reading.of(target);
            while (true) {
                for (int i = 0; i < LOOKS; i++) {
                    long count = in.tryRead(segment, target.position(), target.remaining());
                    if (count > 0) {
                        target.position(target.position() + (int) count);
                        return (int) count;
                    }
                    Thread.onSpinWait();
                }
                if (in.isClosed()) {
                    return -1;
                }
            }
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            MemorySegment segment = writing.of(source);
            int looks = 0;
            while (source.hasRemaining()) {
                long count = out.tryWrite(segment, source.position(), source.remaining());
                source.position(source.position() + (int) count);
                if (count == 0) {
                    Thread.onSpinWait();
                    if (++looks % LOOKS == 0 && out.isClosed()) {
                        throw new IOException("the other end is gone");
                    }
                }
            }
        }

        @Override
        public void close() {
            in.close();
            out.close();
        }
    }
}
