package io.smc4j.actors.datapath;

import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.cdc.SequenceNumbers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;

/**
 * The receiving half of an SMC-R endpoint on the owner's side: takes CDC messages. Plain fields: one thread at a time, handed over
 * with the endpoint.
 *
 * <p>If a link switch of the peer names a number for which no message came, the receiver is in doubt: the message may lie in a
 * completion queue, or be lost. Until that is judged, newer messages are held back. They would tell of data behind the lost
 * message, and make the loss look like none.
 */
final class SmcrReceiver {
    private static final int MOST_HELD = 1024;

    private final ReceiveRing ring;
    private final SmcrSender sender;
    private final ApplicationSide app;
    private int lastSequence;
    private long producer;
    private boolean outOfSync;

    /** Number that a switch in doubt named, or -1: up to it messages are taken. */
    private int doubted = -1;

    /** Number that the last switch named, of those held back too. */
    private int claimed;

    /** Messages behind a doubt, in the order in which they came. */
    private final ArrayDeque<byte[]> held = new ArrayDeque<>();

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
        boolean validation = (producerFlags & CdcFlags.FAILOVER_VALIDATION) != 0;
        if (doubted >= 0 && (validation || SequenceNumbers.isOlder(doubted, sequence))) {
            hold(message.asSlice(offset, CdcCodec.LENGTH).toArray(ValueLayout.JAVA_BYTE), sequence, validation);
            return true;
        }
        if (validation) {
            validate(sequence);
            return true;
        }
        return take(message, offset, sequence, producerFlags);
    }

    private void hold(byte[] message, int sequence, boolean validation) {
        byte[] last = held.peekLast();
        if (validation) {
            claimed = SequenceNumbers.isOlder(claimed, sequence) ? sequence : claimed;
        } else if (last != null && isSuperseded(last, sequence)) {
            held.removeLast();
        }
        if (held.size() == MOST_HELD) {
            app.violation(
                    "it switched links, and " + MOST_HELD + " messages came before it was clear what had arrived");
            return;
        }
        held.add(message);
    }

    /** A message says all that earlier ones said. But one that a switch spoke of is proof that it came: it is kept. */
    private boolean isSuperseded(byte[] last, int by) {
        MemorySegment message = MemorySegment.ofArray(last);
        int sequence = CdcCodec.sequence(message, 0);
        return (CdcCodec.producerFlags(message, 0) & CdcFlags.FAILOVER_VALIDATION) == 0
                && SequenceNumbers.isOlder(claimed, sequence)
                && SequenceNumbers.isOlder(sequence, by);
    }

    private boolean take(MemorySegment message, long offset, int sequence, int producerFlags) {
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
            claimed = completed;
        }
    }

    boolean isDoubtful() {
        return doubted >= 0;
    }

    /** All completion queues of the link group were drained since the doubt arose. @return whether data was lost */
    boolean judge() {
        if (doubted < 0) {
            return false;
        }
        if (!SequenceNumbers.isOlder(lastSequence, doubted)) {
            doubted = -1;
            for (int left = held.size(); left > 0; left--) { // among them may be a switch that is in doubt again
                MemorySegment message = MemorySegment.ofArray(held.remove());
                var _ = receive(message, 0);
            }
            return false;
        }
        outOfSync = true;
        app.violation("CDC messages were lost in a link switch: the peer had sent up to number " + doubted + ", but "
                + lastSequence + " is the last that came");
        doubted = -1;
        held.clear();
        return true;
    }
}
