package io.smc4j.benchmarks.perf.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** One selector and one thread that echo for any number of channels; what an ordinary server has for idle connections. */
final class SelectorEcho implements AutoCloseable {
    private final Queue<SocketChannel> added = new ConcurrentLinkedQueue<>();
    private @Nullable Selector selector;
    private volatile boolean closed;

    /** Echoes messages of {@code size} bytes from now on; they arrive whole, since they are small. */
    synchronized void add(SocketChannel channel, int size) throws IOException {
        Selector running = selector;
        if (running == null) {
            Selector opened = Selector.open();
            selector = opened;
            running = opened;
            ByteBuffer buffer = ByteBuffer.allocateDirect(size);
            Thread.ofPlatform().daemon().name("selector-echo").start(() -> run(opened, buffer));
        }
        added.add(channel);
        running.wakeup();
    }

    private void run(Selector running, ByteBuffer buffer) {
        try (running) {
            while (!closed) {
                running.select(key -> echo(key, buffer));
                for (SocketChannel channel = added.poll(); channel != null; channel = added.poll()) {
                    if (channel.isOpen()) {
                        channel.register(running, SelectionKey.OP_READ);
                    }
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void echo(SelectionKey key, ByteBuffer buffer) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (channel.read(buffer.clear()) < 0) {
                channel.close();
            } else {
                channel.write(buffer.flip());
            }
        } catch (IOException _) {
            Quietly.close(channel); // the client is gone; whoever measures notices on the other side
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (selector != null) {
            selector.wakeup();
        }
    }
}
