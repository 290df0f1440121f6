package io.smc4j.benchmarks.perf.peer;

import io.smc4j.benchmarks.perf.plan.Work;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The client's loop on one connection, for peers that block. */
final class Requester {
    private final Wire wire;
    private final Work work;
    private final ByteBuffer chunk;
    private final ByteBuffer answer;
    private long number;

    Requester(Wire wire, Work work) {
        this.wire = wire;
        this.work = work;
        this.chunk = ByteBuffer.allocateDirect(work.chunk());
        this.answer = ByteBuffer.allocateDirect(work.response());
    }

    Wire wire() {
        return wire;
    }

    void run(Exchanges exchanges) throws IOException {
        boolean numbered = work.echoes() && work.request() >= Long.BYTES;
        exchanges.start();
        do {
            if (numbered) {
                chunk.putLong(0, ++number);
            }
            for (int i = 0; i < work.chunks(); i++) {
                wire.write(chunk.clear());
            }
            if (!wire.fill(answer.clear())) {
                throw new EOFException("the server closed the connection before it answered");
            }
            if (numbered && answer.getLong(0) != number) {
                throw new IOException("request " + number + " was answered with " + answer.getLong(0));
            }
        } while (exchanges.next());
    }
}
