package io.smc4j.actors.handshake;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;

/** How a handshake ended. */
public sealed interface Outcome {
    /** A connection, over SMC or fallen back to TCP. */
    record Ready(SmcChannel channel) implements Outcome {}

    /** No connection. */
    record Failed(SmcException reason) implements Outcome {}
}
