package io.smc4j.actors.tcp;

import org.apache.pekko.util.ByteString;

/** What a listener learned about a client from the first bytes it sent. */
public sealed interface Recognition {
    /**
     * An ordinary TCP client: a byte differs from the eyecatcher of CLC, or the client stopped or closed in the middle of it.
     *
     * @param prefix the bytes read, which are the application's; {@link ClcStream#handOver} gives them again
     */
    record OrdinaryTcp(ByteString prefix) implements Recognition {}

    /** Not a byte in the given time: a client that waits for the server to speak first. Nothing was read. */
    record NoBytes() implements Recognition {}

    /**
     * The connection was reset, or closed on this side, before anything was known.
     *
     * @param how in which way, for a person
     */
    record Gone(String how) implements Recognition {}

    /** The client opened with the eyecatcher of CLC; {@code result} is what followed. */
    record Smc(ClcReadResult result) implements Recognition {}
}
