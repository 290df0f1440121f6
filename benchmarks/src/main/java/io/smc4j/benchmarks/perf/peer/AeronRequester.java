package io.smc4j.benchmarks.perf.peer;

import io.aeron.logbuffer.FragmentHandler;
import io.smc4j.benchmarks.perf.plan.Work;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The client's end. */
final class AeronRequester {
    /** Polls between two looks at whether the server is still there. */
    private static final int POLLS = 1 << 20;

    private final AeronPipe pipe;
    private final Work work;
    private final UnsafeBuffer chunk;
    private final FragmentHandler handler = (buffer, offset, length, header) -> this.received += length;
    private int received;

    AeronRequester(AeronPipe pipe, Work work) {
        this.pipe = pipe;
        this.work = work;
        this.chunk = new UnsafeBuffer(ByteBuffer.allocateDirect(work.chunk()));
    }

    AeronPipe pipe() {
        return pipe;
    }

    void run(Exchanges exchanges) {
        exchanges.start();
        do {
            received = 0;
            for (int i = 0; i < work.chunks(); i++) {
                pipe.offer(chunk, 0, work.chunk());
            }
            for (int polls = 1; received < work.response(); polls++) {
                pipe.poll(handler);
                if (polls % POLLS == 0) {
                    pipe.requireConnected();
                }
            }
        } while (exchanges.next());
    }
}
