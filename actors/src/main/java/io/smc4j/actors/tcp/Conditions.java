package io.smc4j.actors.tcp;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/** What is waited for in memory, of which no socket tells. Added by any thread, looked at by the readiness thread. */
final class Conditions {
    /** By the system's clock. */
    private record Condition(BooleanSupplier holds, long deadline, CompletableFuture<Boolean> result) {}

    private final Queue<Condition> added = new ConcurrentLinkedQueue<>();
    private final List<Condition> awaited = new ArrayList<>();

    /** Completes with whether it holds in time; fails if it throws. */
    CompletableFuture<Boolean> add(BooleanSupplier condition, Duration timeout) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        added.add(new Condition(condition, System.nanoTime() + timeout.toNanos(), result));
        return result;
    }

    boolean isEmpty() {
        return awaited.isEmpty() && added.isEmpty();
    }

    /** Tells of those that hold, and of those whose time is over. @return whether there were any */
    boolean look() {
        for (Condition next = added.poll(); next != null; next = added.poll()) {
            awaited.add(next);
        }
        boolean told = false;
        if (!awaited.isEmpty()) {
            long now = System.nanoTime();
            for (Iterator<Condition> all = awaited.iterator(); all.hasNext(); ) {
                if (isOver(all.next(), now)) {
                    all.remove();
                    told = true;
                }
            }
        }
        return told;
    }

    private static boolean isOver(Condition condition, long now) {
        try {
            boolean holds = condition.holds.getAsBoolean();
            if (holds || condition.deadline - now <= 0) {
                condition.result.complete(holds);
                return true;
            }
            return false;
        } catch (RuntimeException e) { // the memory is gone
            condition.result.completeExceptionally(e);
            return true;
        }
    }

    /** The node stops: none will be looked at again. */
    void fail() {
        var _ = look();
        awaited.forEach(condition -> condition.result.completeExceptionally(stopped()));
        awaited.clear();
    }

    static SmcException stopped() {
        return new SmcException(Category.RETRY, "The SMC node of this process was shut down");
    }
}
