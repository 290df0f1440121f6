package io.smc4j.testkit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcChannel;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Small exchanges of bytes whose values tell their position. */
final class Bytes {
    private Bytes() {}

    /** Sends from one end to the other, and checks every byte. */
    static void exchange(SmcChannel from, SmcChannel to, int count) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> read(to, count), threads);
            write(from, count);
            reading.get(20, TimeUnit.SECONDS);
        }
    }

    static void write(SmcChannel to, int count) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        for (int i = 0; i < count; i++) {
            bytes.put((byte) (i * 31 + (i >> 8)));
        }
        bytes.flip();
        while (bytes.hasRemaining()) {
            assertThat(to.write(bytes)).isPositive();
        }
    }

    static void read(SmcChannel from, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        try {
            while (bytes.hasRemaining()) {
                assertThat(from.read(bytes)).isPositive();
            }
        } catch (io.smc4j.SmcException e) {
            throw new AssertionError(e);
        }
        for (int i = 0; i < count; i++) {
            assertThat(bytes.get(i)).as("byte %d", i).isEqualTo((byte) (i * 31 + (i >> 8)));
        }
    }
}
