package io.smc4j.cli.dissect.stream;

import io.smc4j.cli.dissect.message.Message;
import io.smc4j.protocol.Gid;

/** Hears what is found in a capture, in its order. */
public interface Sink {
    /** A message. */
    void message(Message message);

    /** A TCP connection begins, or its beginning is answered. */
    void syn(Opening opening);

    /** Something that cannot be read, and is skipped. */
    void skipped(long frame, String reason);

    /**
     * A SYN or SYN-ACK.
     *
     * @param nanos nanoseconds since the first frame
     * @param answer whether it is the SYN-ACK
     * @param option whether it holds the SMC option
     */
    record Opening(
            long frame,
            long nanos,
            Gid source,
            int sourcePort,
            Gid destination,
            int destinationPort,
            boolean answer,
            boolean option) {}
}
