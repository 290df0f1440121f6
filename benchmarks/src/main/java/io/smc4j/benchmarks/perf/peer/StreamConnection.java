package io.smc4j.benchmarks.perf.peer;

import io.smc4j.benchmarks.perf.plan.Work;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The client's side of one streamed connection: turns answers into the next request, within the stream. */
final class StreamConnection {
    private final List<ByteString> request;
    private final int response;
    private @Nullable BoundedSourceQueue<ByteString> queue;
    private volatile @Nullable Run run;
    private int received;

    private record Run(Exchanges exchanges, CompletableFuture<Void> done) {}

    StreamConnection(Work work) {
        this.request = Collections.nCopies(work.chunks(), ByteString.fromArray(new byte[work.chunk()]));
        this.response = work.response();
    }

    /** Where the first request of each run goes in. */
    void first(BoundedSourceQueue<ByteString> source) {
        this.queue = source;
    }

    /** Begins a run; the stage completes when it is over. */
    CompletionStage<Void> begin(Exchanges exchanges) {
        BoundedSourceQueue<ByteString> source = queue;
        if (source == null) {
            throw new IllegalStateException("not connected");
        }
        Run begun = new Run(exchanges, new CompletableFuture<>());
        run = begun;
        exchanges.start();
        request.forEach(source::offer);
        return begun.done();
    }

    /** Bytes of an answer came. @return the next request if this completed the answer and there is to be one */
    Iterable<ByteString> received(ByteString bytes) {
        received += bytes.size();
        Run current = run;
        if (received < response || current == null) {
            return List.of();
        }
        received = 0;
        if (current.exchanges().next()) {
            return request;
        }
        current.done().complete(null);
        return List.of();
    }

    void close() {
        if (queue != null) {
            queue.complete();
        }
    }
}
