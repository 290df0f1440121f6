package io.smc4j.cli.stream;

import io.smc4j.SmcChannel;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The idle guards of one command: one thread looks after all its connections. */
public final class Guards implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;
    private final Duration limit;

    public Guards(Duration limit) {
        this.limit = limit;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("idle-guard").factory());
        this.timer.setRemoveOnCancelPolicy(true);
    }

    /** Aborts {@code channel} when nothing moves on it for the limit; close it with the connection. */
    public IdleGuard watch(SmcChannel channel) {
        return new IdleGuard(timer, limit, channel::abort);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
