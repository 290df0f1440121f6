package io.smc4j.actors.channel;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Notices threads that use one direction of a channel at the same time. It costs two ordinary stores, no atomic operation, so it may
 * miss two that enter in the same instant; it never accuses the innocent.
 */
final class OneThread {
    private final String verb;
    private final AtomicReference<@Nullable Thread> inside = new AtomicReference<>();

    OneThread(String verb) {
        this.verb = verb;
    }

    void enter() throws SmcException {
        Thread other = inside.getOpaque();
        if (other != null) {
            throw new SmcException(
                    Category.BUG,
                    other == Thread.currentThread()
                            ? "A " + verb + " was called from within a " + verb + " of the same channel"
                            : "Two threads " + verb + " one channel at once, this one and " + other.getName()
                                    + ": let one of them do it");
        }
        inside.setOpaque(Thread.currentThread());
    }

    void leave() {
        inside.setOpaque(null);
    }
}
