package io.smc4j.actors.tcp;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.clc.ClcMessage;

/** What became of reading one CLC message. */
public sealed interface ClcReadResult {
    /** A whole message; not a byte behind it was read. */
    record Message(ClcMessage message) implements ClcReadResult {}

    /**
     * The time was over. What had arrived is kept, and the next read goes on from there.
     *
     * @param bytesRead bytes of the message so far
     */
    record Timeout(int bytesRead) implements ClcReadResult {}

    /**
     * The TCP connection ended.
     *
     * @param how in which way, for a person
     * @param bytesRead bytes of the message that had arrived
     */
    record Closed(String how, int bytesRead) implements ClcReadResult {}

    /** The peer broke the protocol; the stream is of no further use. */
    record Violation(ProtocolViolation violation) implements ClcReadResult {}
}
