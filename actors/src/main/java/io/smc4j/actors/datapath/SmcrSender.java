package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.cdc.SequenceNumbers;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.SendWorkRequest;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of an SMC-R endpoint on the owner's side: RDMA writes, CDC messages, their completions, link switches. Plain
 * fields: one thread at a time, handed over with the endpoint.
 *
 * <p>A byte has the same position in the send buffer's stream and in the peer's RMBE: Linux's cursors sent and prod, fin and
 * prod_fin are one position here each, and become cursors (rounds and offset in the peer's RMBE) only in messages.
 */
final class SmcrSender {
    /** Small writes wait for a CDC in flight up to so many bytes, so that many become one. */
    private static final int AUTOCORK_BYTES = 64 * 1024;

    /**
     * So many pieces fill the peer's RMBE: it reads the first ones, and makes room, while the next are still under way. As one message
     * they would be read only after the last byte, and the link would be idle until the peer has answered.
     */
    private static final int PIECES = 4;

    /** Smaller ones cost more messages than they gain. */
    private static final int LEAST_PIECE = 32 * 1024;

    private final SmcrEndpoint endpoint;
    private final SendRing ring;
    private final ReceiveRing receiveRing;
    private final ApplicationSide app;
    private final int corkBytes;

    /** CDCs posted and not completed on any link: late completions of a former link may be counted by another owner. */
    private final AtomicInteger inFlight = new AtomicInteger();

    private @Nullable PeerRmbe peer;
    private @Nullable DataLink link;
    private boolean bound;
    private int piece = LEAST_PIECE;
    private int epoch;
    private long localAddress;
    private int localKey;
    private long remoteAddress;
    private int remoteKey;

    /** End of the last urgent byte, among the bytes of the send ring; urgent as long as {@code sent} is before it. Writing thread. */
    private volatile long urgentEnd;

    private long sent;
    private long announced;
    private long peerConsumed;
    private long peerConsumedCursor;
    private int inFlightNow;
    private int sequence;
    private int sequenceFinished;
    private int flagsSent;
    private int flagsFinished;
    private boolean writeBlocked;
    private boolean validationDue;
    private boolean updateRequested;
    private boolean detaching;

    SmcrSender(SmcrEndpoint endpoint, SendRing ring, ReceiveRing receiveRing, ApplicationSide app) {
        this.endpoint = endpoint;
        this.ring = ring;
        this.receiveRing = receiveRing;
        this.app = app;
        corkBytes = Math.min(ring.size() / 2, AUTOCORK_BYTES);
    }

    void open(PeerRmbe remote) {
        peer = remote;
        piece = Math.max(LEAST_PIECE, remote.size() / PIECES);
        if (link != null) {
            bind(link);
        }
        push();
    }

    /** The byte before that position is urgent; called before it is in the ring. Writing thread. */
    void markUrgent(long end) {
        urgentEnd = end;
    }

    /** Begins to use a link, the first or the next. */
    void use(DataLink next) {
        boolean first = epoch == 0;
        link = next;
        epoch++;
        if (!first) {
            rewind();
        }
        if (peer != null) {
            bind(next);
        }
        push();
    }

    private void bind(DataLink on) {
        bound = false;
        MemoryRegion region = ring.buffer().region(on.protectionDomain());
        PeerRmbe.Rtoken rtoken = peer == null ? null : peer.rtoken(on);
        if (region == null || rtoken == null || peer == null) {
            String what = region == null ? "its send buffer is not registered there" : "the peer told no rkey for it";
            app.giveUp(
                    new SmcException(Category.RECONNECT, "the connection cannot use link " + on.number() + ": " + what),
                    "it was moved to link " + on.number() + ", but " + what);
            bound = true; // no data any more, so no key is needed; but the peer must hear of the end
            return;
        }
        localAddress = region.address();
        localKey = region.localKey();
        remoteAddress = rtoken.address() + peer.offset();
        remoteKey = rtoken.rkey();
        bound = true;
    }

    /** The link is to be replaced by {@link #use}, perhaps on another thread: nothing is sent until then, opened or not. */
    void unbind() {
        link = null;
        bound = false;
    }

    /**
     * Back to what the peer surely has. What was posted on the old link and not confirmed is written again: the same bytes to the
     * same places, so it does not matter whether they arrived (spec section 5.7).
     */
    private void rewind() {
        if (peerConsumed > ring.finished()) {
            finish(peerConsumed); // it arrived and was even read; only the completion is missing
        }
        sent = ring.finished();
        inFlightNow = 0;
        flagsSent = flagsFinished;
        if (peer != null) {
            validationDue = true;
            // The last window update may be lost with the link.
            updateRequested = true;
        }
    }

    /** Sends what can be sent. */
    void push() {
        DataLink to = link;
        if (to == null || !bound || !to.sendable()) {
            return;
        }
        if (validationDue && !validate(to)) {
            return;
        }
        boolean more = pushPiece(to, false);
        while (more) {
            more = pushPiece(to, true);
        }
    }

    /** @param behindAnother a piece before it was sent just now: it does not wait for more to come. @return whether there is more to send */
    private boolean pushPiece(DataLink to, boolean behindAnother) {
        long pending = ring.prepared() - sent;
        long space = peerSize() - (sent - peerConsumed);
        boolean dataOver = detaching || app.hasFailed() || ApplicationSide.deaf(app.peerFlags() | flagsSent);
        long urgent = dataOver ? 0 : urgentEnd; // read after the ring's end: every urgent byte in it is known
        boolean urgentWaits = urgent > sent;
        long sendable = urgentWaits ? Math.min(pending, urgent - sent) : pending;
        boolean corked = !behindAnother && !urgentWaits && isCorked(pending);
        int length = dataOver || corked ? 0 : (int) Math.min(Math.min(sendable, space), piece);
        int flags = flags(dataOver, pending - length);
        if (length == 0 && flags == flagsSent && !updateRequested && !receiveRing.updateDue()) {
            return false;
        }
        CdcSlot slot = to.takeSlot();
        if (slot == null) {
            to.queueForSlot(endpoint);
            return false;
        }
        if (length > 0) {
            writeBlocked = pending >= space;
            if (!write(to, slot, length)) {
                return false;
            }
        }
        return send(to, slot, length, flags, urgentFlags(urgent, sent, length)) && length == piece && length < space;
    }

    /** It is on its way until it is sent, and its end is the producer cursor of the message that tells of it (spec section 5.8). */
    private static int urgentFlags(long urgent, long from, int length) {
        if (urgent <= from) {
            return 0;
        }
        return from + length == urgent ? CdcFlags.URGENT_PENDING | CdcFlags.URGENT_PRESENT : CdcFlags.URGENT_PENDING;
    }

    /** Small amounts wait for the completion in flight, unless that is already superfluous because the peer has read all. */
    private boolean isCorked(long pending) {
        return inFlightNow > 0 && pending <= corkBytes && peerConsumed != sent;
    }

    /** State flags that may go out with {@code left} bytes not yet written: D and C only behind all data, A at once. */
    private int flags(boolean dataOver, long left) {
        int wanted = endpoint.wantedFlags();
        if (wanted == 0 || (left > 0 && !dataOver)) {
            return flagsSent | (wanted & CdcFlags.ABORT);
        }
        // Accepted data that will never be delivered: the peer must not take this for an orderly end.
        boolean truncated = left > 0 && !ApplicationSide.deaf(app.peerFlags());
        return flagsSent | wanted | (truncated ? CdcFlags.ABORT : 0);
    }

    /** One write per contiguous piece of the peer's RMBE, one segment per contiguous piece of the send buffer. */
    private boolean write(DataLink to, CdcSlot slot, int length) {
        int peerSize = peerSize();
        int at = (int) (sent % peerSize);
        int first = Math.min(length, peerSize - at);
        int from = (int) (sent % ring.size());
        slot.endpoint = endpoint;
        inFlight.getAndIncrement();
        int result = writeChunk(to, slot, at, from, first);
        if (result != QueuePair.OK) {
            inFlight.getAndDecrement();
            slot.endpoint = null;
            to.returnSlot(slot);
            to.postFailed(null, result, "an RDMA write of " + first + " bytes");
            return false;
        }
        if (length > first) {
            int second = length - first;
            result = writeChunk(to, slot, 0, (from + first) % ring.size(), second);
            if (result != QueuePair.OK) {
                to.postFailed(slot, result, "an RDMA write of " + second + " bytes");
                return false;
            }
        }
        return true;
    }

    private int writeChunk(DataLink to, CdcSlot slot, int at, int from, int length) {
        SendWorkRequest request = to.startWrite(slot, remoteAddress + at, remoteKey, length);
        int first = Math.min(length, ring.size() - from);
        request.gather(localAddress + from, first, localKey);
        if (length > first) {
            request.gather(localAddress, length - first, localKey);
        }
        return to.postWrite(length);
    }

    private boolean send(DataLink to, CdcSlot slot, int length, int flags, int urgentFlags) {
        boolean written = length > 0;
        long consumed = receiveRing.consumed();
        long confirmedBefore = receiveRing.confirmed();
        int flagsBefore = flagsSent;
        boolean updateBefore = updateRequested;
        sequence = SequenceNumbers.next(sequence);
        sent += length;
        announced = Math.max(announced, sent);
        receiveRing.confirm(consumed);
        flagsSent = flags;
        updateRequested = false;
        CdcCodec.encode(
                slot.memory(),
                slot.offset(),
                sequence,
                token(),
                cursor(sent, peerSize()),
                cursor(consumed, receiveRing.size()),
                urgentFlags | (writeBlocked ? CdcFlags.WRITE_BLOCKED : 0),
                flags);
        if (post(to, slot, written, false)) {
            return true;
        }
        // Everything as it was; the number was never used.
        sequence = SequenceNumbers.previous(sequence);
        sent -= length;
        receiveRing.confirm(confirmedBefore);
        flagsSent = flagsBefore;
        updateRequested = updateBefore;
        return false;
    }

    /** Announces the link switch: the number of the last CDC known to have arrived, nothing else. */
    private boolean validate(DataLink to) {
        CdcSlot slot = to.takeSlot();
        if (slot == null) {
            to.queueForSlot(endpoint);
            return false;
        }
        CdcCodec.encode(slot.memory(), slot.offset(), sequenceFinished, token(), 0, 0, CdcFlags.FAILOVER_VALIDATION, 0);
        if (!post(to, slot, false, true)) {
            return false;
        }
        validationDue = false;
        return true;
    }

    private boolean post(DataLink to, CdcSlot slot, boolean written, boolean validation) {
        // Everything the completion needs is in place before the post, which may complete at once.
        slot.endpoint = endpoint;
        slot.epoch = epoch;
        slot.sequence = sequence;
        slot.sent = sent;
        slot.stateFlags = flagsSent;
        slot.validation = validation;
        if (!written) {
            inFlight.getAndIncrement();
        }
        inFlightNow++;
        int result = to.postCdc(slot);
        if (result == QueuePair.OK) {
            return true;
        }
        inFlightNow--;
        if (written) {
            // The slot stays taken, and we in flight, until the link is flushed: the write may still be executed.
            to.postFailed(slot, result, "a CDC message behind a write");
        } else {
            inFlight.getAndDecrement();
            slot.endpoint = null;
            to.returnSlot(slot);
            to.postFailed(null, result, "a CDC message");
        }
        return false;
    }

    /** A CDC of this endpoint completed on the link it uses. */
    void completed(CdcSlot slot, boolean success) {
        inFlight.getAndDecrement();
        if (slot.epoch != epoch) {
            return; // posted before a switch away and back: what it would tell was already taken back
        }
        inFlightNow--;
        if (!success) {
            return; // the link is broken; what was lost is sent again on the next
        }
        if (!slot.validation) {
            sequenceFinished = slot.sequence;
            flagsFinished |= slot.stateFlags;
            finish(slot.sent);
        }
        push();
    }

    /** A CDC of this endpoint completed, or never will, on a link it no longer uses. Any owner's thread. */
    void completedLate() {
        inFlight.getAndDecrement();
    }

    private void finish(long position) {
        if (position > ring.finished()) {
            ring.finish(position);
            app.writeWaiter.wake();
        }
        endpoint.tellIfDrained();
    }

    /** Takes the peer's consumer cursor. @return null, or what is wrong with it */
    @Nullable
    String peerConsumed(long cursor) {
        if (peer == null) {
            return cursor == 0 ? null : "a consumer cursor that is not 0 before anything was sent";
        }
        int size = peerSize();
        long ahead = Cursors.isValid(cursor, size) ? Rings.ahead(peerConsumedCursor, cursor, size) : Long.MAX_VALUE;
        if (ahead <= announced - peerConsumed) {
            peerConsumedCursor = cursor;
            peerConsumed += ahead;
            if (peerConsumed > sent) {
                // After a switch we were about to write this again, but the peer has read it already.
                sent = peerConsumed;
                finish(peerConsumed);
            }
            return null;
        }
        if (ahead != Long.MAX_VALUE && Rings.isBehind(ahead, size)) {
            return null;
        }
        return "consumer cursor (%d,%d) after (%d,%d) with %d bytes announced and not consumed in an RMBE of %d"
                .formatted(
                        Cursors.wrap(cursor),
                        Cursors.count(cursor),
                        Cursors.wrap(peerConsumedCursor),
                        Cursors.count(peerConsumedCursor),
                        announced - peerConsumed,
                        size);
    }

    /** The next CDC is due now, whatever else: the peer asked for our consumer cursor. */
    void requestUpdate() {
        updateRequested = true;
    }

    /** No more data from now on; only state flags. */
    void detach() {
        detaching = true;
        push();
    }

    int inFlight() {
        return inFlight.get();
    }

    /** State flags wanted that a peer who knows us does not surely have; also between two links, when nothing can be sent. */
    boolean flagsOutstanding() {
        return peer != null && (endpoint.wantedFlags() & ~flagsFinished) != 0;
    }

    private int token() {
        return peer == null ? 0 : peer.alertToken();
    }

    private int peerSize() {
        return peer == null ? 1 : peer.size();
    }

    private static long cursor(long position, int size) {
        return Cursors.pack((int) (position / size), (int) (position % size));
    }
}
