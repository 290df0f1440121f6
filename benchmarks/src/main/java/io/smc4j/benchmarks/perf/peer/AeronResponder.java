package io.smc4j.benchmarks.perf.peer;

import io.aeron.FragmentAssembler;
import io.aeron.logbuffer.FragmentHandler;
import io.smc4j.benchmarks.perf.plan.Work;
import org.agrona.concurrent.UnsafeBuffer;

/** The server's end: answers with the bytes where they lie, as Aeron's own samples do. */
final class AeronResponder {
    private final AeronPipe pipe;
    private final FragmentHandler handler;
    private final UnsafeBuffer one = new UnsafeBuffer(new byte[1]);
    private int received;

    AeronResponder(AeronPipe pipe, Work work) {
        this.pipe = pipe;
        this.handler = work.echoes()
                ? new FragmentAssembler((buffer, offset, length, header) -> pipe.offer(buffer, offset, length))
                : (buffer, offset, length, header) -> count(length, work.request());
    }

    private void count(int length, int request) {
        received += length;
        if (received >= request) {
            received = 0;
            pipe.offer(one, 0, 1);
        }
    }

    void poll() {
        pipe.poll(handler);
    }
}
