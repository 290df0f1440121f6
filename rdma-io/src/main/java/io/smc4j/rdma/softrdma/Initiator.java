package io.smc4j.rdma.softrdma;

import static io.smc4j.rdma.softrdma.RingLayout.*;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.RtsAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Puts send-side requests into the peer's ring, completes what the peer has executed, and gives up on a peer that does not answer.
 * Owner's thread only, within a turn.
 *
 * <p>Time-outs run only while the path is down or the peer's queue pair is in a state in which it cannot answer. A peer that is
 * merely slow (paused, collecting garbage, stopped by SIGSTOP) never times out: its hardware would have acknowledged.
 */
final class Initiator {
    private static final int TURN_BYTES = 8 * FRAGMENT;
    private static final long NOT_RUNNING = -1;

    private final SoftQueuePair queuePair;
    private final RegistrationTable table;
    private final SoftProtectionDomain domain;
    private final SendQueue sends;

    private @Nullable RingWriter ring;
    private RtsAttributes attributes = RtsAttributes.linux(0);

    /** Bytes of request {@code sends.transmitted} that are in the ring. */
    private int offset;

    /** Whether that request failed here, on a local key. */
    private boolean localFault;

    /** Since when the peer cannot answer, or no receive is posted for message {@link #stalledMessage}. */
    private long silentSince;

    private boolean silent;
    private long stalledSince;
    private long stalledMessage = NOT_RUNNING;

    /** What had been executed when the queue pair went to ERROR. */
    private long executedAtStop;

    Initiator(SoftQueuePair queuePair, RegistrationTable table, SoftProtectionDomain domain, SendQueue sends) {
        this.queuePair = queuePair;
        this.table = table;
        this.domain = domain;
        this.sends = sends;
    }

    SendQueue sends() {
        return sends;
    }

    void connect(RingWriter writer) {
        ring = writer;
    }

    /** Before the queue pair is in RTS. */
    void start(RtsAttributes rts) {
        attributes = rts;
        if (ring != null) {
            ring.start(rts.sendPsn() & PSN_MASK);
        }
    }

    /** Whether a turn would find something to do. */
    boolean hasWork(boolean pathUp) {
        RingWriter to = ring;
        if (to == null || sends.completed == sends.posted) {
            return false;
        }
        return to.executed() != sends.completed
                || to.nak() != 0
                || (localFault && sends.completed == sends.transmitted)
                || (pathUp && mayTransmit() && to.room(sends.total(sends.transmitted) - offset) != RingWriter.FULL);
    }

    private boolean mayTransmit() {
        return sends.transmitted != sends.posted && !localFault;
    }

    /** Completes and transmits, within bounds. @return whether anything was done */
    boolean turn(CompletionFifo completions, boolean pathUp) {
        RingWriter to = ring;
        if (to == null || sends.completed == sends.posted) {
            return false;
        }
        int nak = to.nak();
        boolean moved = complete(to, completions);
        if (localFault && sends.completed == sends.transmitted) {
            fail(CompletionStatus.LOC_PROT_ERR, "a send or write named memory that is not registered");
            return true;
        }
        // final once set, and set after the last `executed`: so everything before the refused message has completed
        // here
        if (nak != 0 && to.executed() == sends.completed) {
            CompletionStatus status = CompletionStatus.of(nak);
            fail(status, "its peer refused a message (" + status + ")");
            return true;
        }
        return moved | (pathUp && transmit(TURN_BYTES));
    }

    private boolean complete(RingWriter from, CompletionFifo completions) {
        long executed = from.executed();
        if (executed == sends.completed) {
            return false;
        }
        if (executed < sends.completed || executed > sends.transmitted) {
            fail(CompletionStatus.GENERAL_ERR, "its peer acknowledged messages that were not sent");
            return true;
        }
        long before = sends.completed;
        while (sends.completed < executed && completions.hasRoom()) {
            long request = sends.completed;
            if (sends.signalled(request)) {
                completions.add(
                        queuePair, sends.workRequestId(request), CompletionStatus.SUCCESS, 0, /* isReceive= */ false);
            } else {
                queuePair.completed();
            }
            sends.completed++;
        }
        return sends.completed != before;
    }

    /** Puts frames into the ring until there is nothing to send, no room, or the bound is reached. @return whether any */
    boolean transmit(int bound) {
        RingWriter to = ring;
        if (to == null) {
            return false;
        }
        int sent = 0;
        boolean any = false;
        while (mayTransmit() && sent < bound) {
            long request = sends.transmitted;
            int total = sends.total(request);
            int payload = to.room(total - offset);
            if (payload < 0) {
                if (payload == RingWriter.NONSENSE) {
                    fail(CompletionStatus.GENERAL_ERR, "its peer says to have read what was not sent");
                }
                break;
            }
            if (!sends.copyPayload(request, offset, payload, to.memory(), to.payloadPosition(), table, domain)) {
                localFault = true;
                break;
            }
            boolean last = offset + payload == total;
            to.publish(
                    sends.opcode(request),
                    (offset == 0 ? FIRST : 0) | (last ? LAST : 0) | sends.ringFlags(request),
                    (int) (attributes.sendPsn() + request),
                    sends.remoteKey(request),
                    sends.remoteAddress(request) + offset,
                    total,
                    offset,
                    payload);
            offset += payload;
            sent += payload;
            any = true;
            if (last) {
                sends.transmitted++;
                offset = 0;
            }
        }
        return any;
    }

    /**
     * Looks at the clock.
     *
     * @return when to look again at the latest, {@link Long#MAX_VALUE} away if no timer runs
     */
    long watch(long now, boolean pathUp) {
        RingWriter to = ring;
        if (to == null || sends.completed == sends.posted) {
            silent = false;
            return Long.MAX_VALUE;
        }
        if (!pathUp || !to.ready()) {
            return watchSilence(now, pathUp);
        }
        silent = false;
        return attributes.rnrRetry() < 7 ? watchStall(to, now) : Long.MAX_VALUE;
    }

    private long watchSilence(long now, boolean pathUp) {
        if (!silent) {
            silent = true;
            silentSince = now;
        }
        long limit = Timers.transportNanos(attributes.timeoutCode(), attributes.retryCount());
        if (now - silentSince < limit) {
            return limit - (now - silentSince);
        }
        fail(
                CompletionStatus.RETRY_EXC_ERR,
                pathUp ? "its peer's queue pair did not answer in time" : "the path to its peer was down for too long");
        return 0;
    }

    private long watchStall(RingWriter from, long now) {
        long oldest = sends.completed;
        if (from.stalled() != oldest + 1 || from.executed() != oldest) {
            stalledMessage = NOT_RUNNING;
            return Long.MAX_VALUE;
        }
        if (stalledMessage != oldest) {
            stalledMessage = oldest;
            stalledSince = now;
        }
        long limit = Timers.rnrNanos(from.rnrTimerCode()) * attributes.rnrRetry();
        if (now - stalledSince < limit) {
            return limit - (now - stalledSince);
        }
        fail(CompletionStatus.RNR_RETRY_EXC_ERR, "its peer had no receive posted for too long");
        return 0;
    }

    /** The oldest request completes with {@code status}, the others are flushed. */
    void fail(CompletionStatus status, String reason) {
        if (sends.completed != sends.posted) {
            sends.failure = status;
        }
        queuePair.breakDown(reason);
    }

    /** In ERROR or DESTROYED, once: asks the peer to execute nothing more, then looks at what it has executed. */
    void stop() {
        RingWriter to = ring;
        if (to != null) {
            to.stop();
            long executed = to.executed();
            executedAtStop = executed <= sends.transmitted ? executed : 0;
        }
    }

    /** In ERROR: completes what was executed, then flushes. @return whether there was anything */
    boolean flush(CompletionFifo completions) {
        boolean any = false;
        while (sends.completed != sends.posted && completions.hasRoom()) {
            long request = sends.completed;
            boolean success = request < executedAtStop;
            if (success && !sends.signalled(request)) {
                queuePair.completed();
            } else {
                CompletionStatus status = CompletionStatus.SUCCESS;
                if (!success) {
                    status = sends.failure == null ? CompletionStatus.WR_FLUSH_ERR : sends.failure;
                    sends.failure = null;
                }
                completions.add(queuePair, sends.workRequestId(request), status, 0, /* isReceive= */ false);
            }
            sends.completed++;
            any = true;
        }
        return any;
    }
}
