package io.smc4j.cli.dissect.summary;

import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursors;

/** What one end of a connection sent to the other. */
public final class Direction {
    private int ringSize;
    private long producer;
    private long bytes;
    private long messages;
    private int producerFlags;
    private int stateFlags;
    private long linkSwitches;

    /** @param size of the receiver's buffer in bytes */
    void ring(int size) {
        ringSize = size;
    }

    void accept(CdcMessage cdc) {
        messages++;
        producerFlags |= cdc.producerFlags();
        stateFlags |= cdc.stateFlags();
        if (cdc.isFailoverValidation()) {
            linkSwitches++;
            return;
        }
        long received = cdc.producer().packed();
        if (ringSize > 0 && Cursors.isValid(received, ringSize) && Cursors.accepts(producer, received)) {
            bytes += Cursors.distanceCapped(producer, received, ringSize);
            producer = received;
        }
    }

    /** Bytes of the application, as far as the cursors tell. */
    public long bytes() {
        return bytes;
    }

    /** CDC messages. */
    public long messages() {
        return messages;
    }

    /** How often the connection moved to another link. */
    public long linkSwitches() {
        return linkSwitches;
    }

    /** Whether the sender once had more data than the receiver had room. */
    public boolean wasBlocked() {
        return (producerFlags & CdcFlags.WRITE_BLOCKED) != 0;
    }

    /** Whether urgent data was sent. */
    public boolean hadUrgentData() {
        return (producerFlags & (CdcFlags.URGENT_PENDING | CdcFlags.URGENT_PRESENT)) != 0;
    }

    /** Every state flag that was sent. */
    public int stateFlags() {
        return stateFlags;
    }

    /** How this end left off: {@code open}, {@code done writing}, {@code closed}, {@code aborted}. */
    public String ending() {
        if ((stateFlags & CdcFlags.ABORT) != 0) {
            return "aborted";
        }
        if ((stateFlags & CdcFlags.CLOSED) != 0) {
            return (stateFlags & CdcFlags.DONE_WRITING) != 0 ? "done writing, closed" : "closed";
        }
        return (stateFlags & CdcFlags.DONE_WRITING) != 0 ? "done writing" : "open";
    }
}
