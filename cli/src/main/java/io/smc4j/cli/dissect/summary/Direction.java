package io.smc4j.cli.dissect.summary;

import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;

/** What one end of a connection sent to the other. */
public final class Direction {
    private static final int MOST_IN_FLIGHT = 64;

    private int ringSize;
    private Cursor producer = Cursor.START;
    private long bytes;
    private long messages;
    private int producerFlags;
    private int stateFlags;
    private long linkSwitches;
    private int lastSequence;

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
        lastSequence = cdc.sequence();
        advance(cdc.producer());
    }

    /** Whether a message of this number was sent, not long ago. */
    boolean sent(int sequence) {
        int ago = lastSequence - sequence & 0xFFFF;
        return messages > 0 && ago < MOST_IN_FLIGHT;
    }

    /** A cursor that lies behind is one of an old message, or sent again after a link switch. */
    private void advance(Cursor cursor) {
        int rounds = (short) (cursor.wrap() - producer.wrap());
        long progress = (long) rounds * ringSize + cursor.count() - producer.count();
        if (progress > 0) {
            bytes += ringSize > 0 ? progress : 0;
            producer = cursor;
        }
    }

    /** Takes over what was counted before it was known to which connection it belongs. */
    void join(Direction later) {
        messages += later.messages;
        producerFlags |= later.producerFlags;
        stateFlags |= later.stateFlags;
        linkSwitches += later.linkSwitches;
        advance(later.producer);
    }

    /** Whether the receiver's buffer is known, without which cursors do not tell how many bytes there were. */
    public boolean bytesKnown() {
        return ringSize > 0;
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
