package io.smc4j.cli.soak;

import io.smc4j.SmcChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/** One direction of a channel, used in one of the two ways that the API offers. One thread each. */
interface Stream {
    /** @return bytes read, at least 1; -1 at the end */
    int read(ByteBuffer target) throws IOException, InterruptedException;

    /** Writes at least one byte. */
    void write(ByteBuffer source) throws IOException, InterruptedException;

    /** By the calls that wait. */
    record Blocking(SmcChannel channel) implements Stream {
        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            channel.write(source);
        }
    }

    /** By the calls that do not wait, and callbacks. */
    record Callbacks(SmcChannel channel, Semaphore ready) implements Stream {
        @Override
        public int read(ByteBuffer target) throws IOException, InterruptedException {
            int count = channel.tryRead(target);
            while (count == 0) {
                channel.onReadable(ready::release);
                ready.acquire();
                count = channel.tryRead(target);
            }
            return count;
        }

        @Override
        public void write(ByteBuffer source) throws IOException, InterruptedException {
            while (channel.tryWrite(source) == 0) {
                channel.onWritable(ready::release);
                ready.acquire();
            }
        }
    }
}
