package io.smc4j.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Bytes whose value follows from their position: a reader sees at once what was lost, repeated or swapped. Sizes of writes and
 * reads are random, from a seed that is printed and can be given by {@code -Dsmc4j.seed}.
 */
final class Traffic {
    static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

    private final long seed;

    private Traffic(long seed) {
        this.seed = seed;
    }

    /** A new seed, unless one is given. */
    static Traffic random(String what) {
        long seed = Long.getLong("smc4j.seed", ThreadLocalRandom.current().nextLong());
        System.out.println(what + ": -Dsmc4j.seed=" + seed);
        return new Traffic(seed);
    }

    Traffic reverse() {
        return new Traffic(~seed);
    }

    RandomGenerator generator(int stream) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 31 + stream);
    }

    byte at(long position) {
        return (byte) ((position * 0x9E3779B97F4A7C15L + seed) >>> 53);
    }

    void fill(ByteBuffer buffer, long position) {
        for (int i = 0; buffer.hasRemaining(); i++) {
            buffer.put(at(position + i));
        }
    }

    /** Writes {@code total} bytes in random sizes and, if told, ends the output. */
    CompletableFuture<Long> write(SmcChannel channel, long total, int largest, boolean end, AtomicLong progress) {
        return run(() -> {
            RandomGenerator sizes = generator(1);
            ByteBuffer buffer = ByteBuffer.allocateDirect(largest);
            long position = 0;
            while (position < total) {
                int size = (int) Math.min(total - position, 1 + sizes.nextInt(largest));
                buffer.clear().limit(size);
                fill(buffer, position);
                assertThat(channel.write(buffer.flip())).isEqualTo(size);
                position += size;
                progress.set(position);
            }
            if (end) {
                channel.shutdownOutput();
            }
            return position;
        });
    }

    CompletableFuture<Long> write(SmcChannel channel, long total, int largest) {
        return write(channel, total, largest, true, new AtomicLong());
    }

    /** Reads in random sizes until the end of the stream and checks every byte. @return bytes read */
    CompletableFuture<Long> read(SmcChannel channel, int largest) {
        return run(() -> {
            RandomGenerator sizes = generator(2);
            ByteBuffer buffer = ByteBuffer.allocate(largest);
            long position = 0;
            while (true) {
                buffer.clear().limit(1 + sizes.nextInt(largest));
                int count = channel.read(buffer);
                if (count < 0) {
                    return position;
                }
                check(buffer.flip(), position);
                position += count;
            }
        });
    }

    void check(ByteBuffer buffer, long position) {
        for (int i = 0; buffer.hasRemaining(); i++) {
            byte got = buffer.get();
            if (got != at(position + i)) {
                throw new AssertionError("byte " + (position + i) + " is " + got + ", not " + at(position + i));
            }
        }
    }

    /** A block of code that may throw. */
    interface Code<T> {
        T run() throws Exception;
    }

    static <T> CompletableFuture<T> run(Code<T> code) {
        CompletableFuture<T> result = new CompletableFuture<>();
        THREADS.execute(() -> {
            try {
                result.complete(code.run());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** One byte there and back. */
    static void echoOnce(TestNodes.Ends ends) throws Exception {
        ByteBuffer one = ByteBuffer.allocate(1);
        ends.client().write(ByteBuffer.wrap(new byte[] {42}));
        assertThat(ends.server().read(one)).isOne();
        ends.server().write(one.flip());
        assertThat(ends.client().read(one.clear())).isOne();
        assertThat(one.get(0)).isEqualTo((byte) 42);
    }

    /** Reads until the connection says why it ended. */
    static SmcException failureOfReading(SmcChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                // what came before the failure
            }
        } catch (SmcException e) {
            return e;
        }
        throw new AssertionError("the stream ended in order, though the connection was aborted");
    }
}
