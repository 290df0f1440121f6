package io.smc4j.cli.dissect.report;

import io.smc4j.cli.dissect.message.Message;

/** Prints messages one by one. */
public interface MessageReport {
    /**
     * Prints one message.
     *
     * @throws java.io.UncheckedIOException if the output is gone
     */
    void print(Message message);
}
