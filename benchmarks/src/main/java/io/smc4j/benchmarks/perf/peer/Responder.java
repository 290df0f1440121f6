package io.smc4j.benchmarks.perf.peer;

import io.smc4j.benchmarks.perf.plan.Work;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The server's loop on one connection, for peers that block: reads a request, writes the answer, until the client closes. */
final class Responder {
    /** What a reader of bulk data asks for at once, at least. */
    private static final int LEAST_READ = 64 * 1024;

    private Responder() {}

    static void run(Wire wire, Work work) throws IOException {
        if (work.echoes()) {
            echo(wire, ByteBuffer.allocateDirect(work.request()));
        } else {
            acknowledge(wire, work, ByteBuffer.allocateDirect(Math.max(LEAST_READ, work.chunk())));
        }
    }

    private static void echo(Wire wire, ByteBuffer message) throws IOException {
        while (wire.echo(message)) {}
    }

    private static void acknowledge(Wire wire, Work work, ByteBuffer buffer) throws IOException {
        ByteBuffer answer = ByteBuffer.allocateDirect(1);
        while (true) {
            int remaining = work.request();
            while (remaining > 0) {
                int count = wire.skip(buffer, remaining);
                if (count < 0) {
                    return;
                }
                remaining -= count;
            }
            wire.write(answer.clear());
        }
    }
}
