package io.smc4j.cli.dissect;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Input that may take its time: shows what there is before it waits for more, so that a live capture is seen live. */
final class PromptInput extends FilterInputStream {
    private final Runnable flush;

    PromptInput(InputStream in, Runnable flush) {
        super(in);
        this.flush = flush;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (in.available() == 0) {
            flush.run();
        }
        return super.read(buffer, offset, length);
    }
}
