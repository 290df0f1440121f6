package io.smc4j.protocol.cdc;

import io.smc4j.protocol.internal.Checks;

/**
 * A CDC message as a value, for tests and tools. The hot path reads and writes fields in place with {@link CdcCodec}.
 *
 * @param sequence number of the message, 16 bits
 * @param alertToken the receiver's connection; never 0
 * @param producer end of the data that the sender has written into the receiver's RMBE
 * @param consumer how far the sender has consumed its own RMBE
 * @param producerFlags a byte of {@link CdcFlags}
 * @param stateFlags a byte of {@link CdcFlags}
 */
public record CdcMessage(
        int sequence, int alertToken, Cursor producer, Cursor consumer, int producerFlags, int stateFlags) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public CdcMessage {
        Checks.u16("CDC sequence number", sequence);
        Checks.rule(alertToken != 0, "an alert token is never 0");
        Checks.u8("producer flags", producerFlags);
        Checks.u8("state flags", stateFlags);
    }

    /** Whether this message only validates a link switch. */
    public boolean isFailoverValidation() {
        return (producerFlags & CdcFlags.FAILOVER_VALIDATION) != 0;
    }
}
