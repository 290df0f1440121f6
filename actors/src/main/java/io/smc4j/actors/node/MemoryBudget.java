package io.smc4j.actors.node;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory a node may register for its connections. Thread-safe; accounts only, owns nothing: no lifetime hangs on it.
 */
public final class MemoryBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    public MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** Takes {@code bytes} from the budget. @return false, and nothing is taken, if not so much is left */
    public boolean take(long bytes) {
        if (used.addAndGet(bytes) <= limit) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    public void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    public long used() {
        return used.get();
    }

    public long limit() {
        return limit;
    }
}
