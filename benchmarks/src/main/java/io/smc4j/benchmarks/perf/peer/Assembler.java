package io.smc4j.benchmarks.perf.peer;

import java.util.List;
import org.apache.pekko.util.ByteString;

/** Makes requests of the bytes of one stream, and answers them: with the same bytes, or with one. */
final class Assembler {
    private static final ByteString ONE = ByteString.fromArray(new byte[1]);

    private final int request;
    private final boolean echoes;
    private ByteString kept = ByteString.emptyByteString();
    private int received;

    Assembler(int request, boolean echoes) {
        this.request = request;
        this.echoes = echoes;
    }

    /** Bytes have come. @return the answer, if they completed a request; there is one request at a time */
    Iterable<ByteString> add(ByteString bytes) {
        received += bytes.size();
        if (echoes) {
            kept = kept.isEmpty() ? bytes : kept.concat(bytes);
        }
        if (received < request) {
            return List.of();
        }
        received = 0;
        ByteString answer = echoes ? kept : ONE;
        kept = ByteString.emptyByteString();
        return List.of(answer);
    }
}
