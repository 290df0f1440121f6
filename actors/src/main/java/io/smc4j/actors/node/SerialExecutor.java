package io.smc4j.actors.node;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Runs tasks one after the other, in the order given, on an executor whose threads may sleep. What belongs to one such queue
 * needs no lock: a task that frees runs after every task that allocated before it. {@link #submit} by one thread at a time.
 */
public final class SerialExecutor {
    private final Executor executor;
    private CompletableFuture<?> tail = CompletableFuture.completedFuture(null);

    public SerialExecutor(Executor executor) {
        this.executor = executor;
    }

    /** Runs a task after all those before it, whether they failed or not. */
    public <T> CompletionStage<T> submit(Callable<T> task) {
        CompletableFuture<T> result = tail.handleAsync(
                (ignored, failure) -> {
                    try {
                        return task.call();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                executor);
        tail = result;
        return result;
    }
}
