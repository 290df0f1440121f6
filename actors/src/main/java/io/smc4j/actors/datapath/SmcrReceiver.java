package io.smc4j.actors.datapath;

import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.cdc.SequenceNumbers;
import java.lang.foreign.MemorySegment;

/**
 * The receiving half of an SMC-R endpoint on the owner's side: takes CDC messages. Plain fields: one thread at a time, handed over
 * with the endpoint.
 */
final class SmcrReceiver {
    private final ReceiveRing ring;
    private final SmcrSender sender;
    private final ApplicationSide app;
    private int lastSequence;
    private long producer;
    private boolean outOfSync;
    private int doubted = -1;

    SmcrReceiver(ReceiveRing ring, SmcrSender sender, ApplicationSide app) {
        this.ring = ring;
        this.sender = sender;
        this.app = app;
    }

    /** Takes a message. @return false if it was stale or is ignored */
    boolean receive(MemorySegment message, long offset) {
        if (outOfSync) {
            return false;
        }
        int sequence = CdcCodec.sequence(message, offset);
        int producerFlags = CdcCodec.producerFlags(message, offset);
        if ((producerFlags & CdcFlags.FAILOVER_VALIDATION) != 0) {
            validate(sequence);
            return true;
        }
        // A message from the old link that comes after newer ones from the new link.
        if (SequenceNumbers.isOlder(sequence, lastSequence)) {
            return false;
        }
        lastSequence = sequence;
        if (!acceptConsumer(CdcCodec.consumer(message, offset))
                || !acceptProducer(CdcCodec.producer(message, offset))) {
            return true;
        }
        // While urgent data waits, its sender waits for us to have read everything.
        boolean urgent = (producerFlags & (CdcFlags.URGENT_PENDING | CdcFlags.URGENT_PRESENT)) != 0;
        ring.peerBlocked(urgent || (producerFlags & CdcFlags.WRITE_BLOCKED) != 0);
        int stateFlags = CdcCodec.stateFlags(message, offset);
        if (stateFlags != 0) {
            // After the data: who sees "no more" and looks at the ring once again sees everything.
            app.notice(stateFlags);
        }
        app.readWaiter.wake();
        if (urgent || (producerFlags & CdcFlags.CURSOR_UPDATE_REQUESTED) != 0) {
            sender.requestUpdate();
        }
        sender.push();
        return true;
    }

    private boolean acceptProducer(long cursor) {
        int size = ring.size();
        long ahead = Cursors.isValid(cursor, size) ? Rings.ahead(producer, cursor, size) : Long.MAX_VALUE;
        long end = ring.received();
        if (ahead <= size - (end - ring.confirmed())) {
            producer = cursor;
            ring.receive(end + ahead);
            return true;
        }
        if (ahead != Long.MAX_VALUE && Rings.isBehind(ahead, size)) {
            return true; // after a link switch the peer announces again what it had announced
        }
        app.violation("producer cursor (%d,%d) after (%d,%d) with %d bytes not yet confirmed in an RMBE of %d"
                .formatted(
                        Cursors.wrap(cursor),
                        Cursors.count(cursor),
                        Cursors.wrap(producer),
                        Cursors.count(producer),
                        end - ring.confirmed(),
                        size));
        return false;
    }

    private boolean acceptConsumer(long cursor) {
        String problem = sender.peerConsumed(cursor);
        if (problem == null) {
            return true;
        }
        app.violation(problem);
        return false;
    }

    /** A link switch: has everything arrived that the peer believes has? (spec section 5.7) */
    private void validate(int completed) {
        if (SequenceNumbers.isOlder(lastSequence, completed)) {
            // Perhaps it lies in a completion queue, not yet polled: not to be judged before those are drained.
            doubted = completed;
        }
    }

    boolean isDoubtful() {
        return doubted >= 0;
    }

    /** All completion queues of the link group were drained since the doubt arose. @return whether data was lost */
    boolean judge() {
        int completed = doubted;
        doubted = -1;
        if (completed < 0 || !SequenceNumbers.isOlder(lastSequence, completed)) {
            return false;
        }
        outOfSync = true;
        app.violation("CDC messages were lost in a link switch: the peer had sent up to number " + completed + ", but "
                + lastSequence + " is the last that came");
        return true;
    }
}
