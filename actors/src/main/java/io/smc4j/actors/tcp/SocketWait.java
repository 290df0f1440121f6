package io.smc4j.actors.tcp;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one platform thread sleep in the kernel until one socket is ready, which saves it the detour over the readiness thread: that
 * costs a second thread's wake-up, several times the round trip of a small message on one host. The selector behind it is
 * opened with the first sleep, so connections that nobody waits for this way have none.
 */
final class SocketWait implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SocketWait.class);

    private final SocketChannel socket;
    private final int operation;
    private @Nullable Selector selector;
    private boolean closed;

    SocketWait(SocketChannel socket, int operation) {
        this.socket = socket;
        this.operation = operation;
    }

    /** Opens the selector if need be. False if there is none to be had, or the socket is closed. Then sleep some other way. */
    boolean open() {
        return opened() != null;
    }

    /** Sleeps, behind {@link #open}, until ready, woken, interrupted, closed, or the time is over. True if ready. */
    boolean sleep(long nanos) {
        Selector opened = opened();
        if (opened == null) {
            return false;
        }
        try {
            return opened.select(key -> {}, Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos))) > 0;
        } catch (IOException | ClosedSelectorException e) {
            return true; // whoever waits looks and finds out
        }
    }

    /** Ends a sleep, the present one or else the next. Any thread. */
    synchronized void wake() {
        if (selector != null) {
            var _ = selector.wakeup();
        }
    }

    private synchronized @Nullable Selector opened() {
        if (selector == null && !closed) {
            try {
                Selector opened = Selector.open();
                selector = opened;
                SelectionKey _ = socket.register(opened, operation);
            } catch (IOException e) {
                LOG.debug("No selector for {}, so its waits go over the readiness thread: {}", socket, e.getMessage());
                close();
            }
        }
        return selector;
    }

    /** Ends sleeps for good. The socket, if closed, is gone from the kernel with it. */
    @Override
    public synchronized void close() {
        closed = true;
        if (selector != null) {
            try {
                selector.close();
            } catch (IOException e) {
                LOG.debug("Closing the selector of {} failed", socket, e);
            }
            selector = null;
        }
    }
}
