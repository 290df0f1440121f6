package io.smc4j.benchmarks.perf.peer;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Waits for stages, not for ever. */
final class Await {
    /** The parent gives up before: this only lets a thread go. */
    private static final int MOST_SECONDS = 120;

    private Await() {}

    static <T> T stage(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(MOST_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
