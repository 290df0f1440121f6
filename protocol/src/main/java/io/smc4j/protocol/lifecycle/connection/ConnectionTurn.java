package io.smc4j.protocol.lifecycle.connection;

import io.smc4j.protocol.lifecycle.connection.ConnectionState.Drain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step in the making: the state unfolded into fields, the effects so far, and the moves that keep the one-shot promises. */
final class ConnectionTurn {
    ConnectionPhase phase;
    boolean established;
    private int sentFlags;
    private int peerFlags;
    private boolean appClosed;
    private boolean outputStopped;
    private boolean inputEnded;
    private Drain drain;
    private long drainDeadlineNanos;
    private boolean passiveReference;
    private boolean released;
    private @Nullable EndReason reason;
    private final List<ConnectionEffect> effects = new ArrayList<>();

    ConnectionTurn(ConnectionState from) {
        phase = from.phase();
        sentFlags = from.sentFlags();
        peerFlags = from.peerFlags();
        established = from.established();
        appClosed = from.appClosed();
        outputStopped = from.outputStopped();
        inputEnded = from.inputEnded();
        drain = from.drain();
        drainDeadlineNanos = from.drainDeadlineNanos();
        passiveReference = from.passiveReference();
        released = from.released();
        reason = from.reason();
    }

    ConnectionMachine.Step end() {
        ConnectionState to = new ConnectionState(
                phase,
                sentFlags,
                peerFlags,
                established,
                appClosed,
                outputStopped,
                inputEnded,
                drain,
                drainDeadlineNanos,
                passiveReference,
                released,
                reason);
        return new ConnectionMachine.Step(to, effects);
    }

    void emit(ConnectionEffect effect) {
        effects.add(effect);
    }

    boolean appClosed() {
        return appClosed;
    }

    Drain drain() {
        return drain;
    }

    long drainDeadlineNanos() {
        return drainDeadlineNanos;
    }

    boolean sentAnyClose() {
        return (sentFlags & StateFlags.ANY_CLOSE) != 0;
    }

    boolean sent(int flag) {
        return (sentFlags & flag) != 0;
    }

    boolean receivedAnyClose() {
        return (peerFlags & StateFlags.ANY_CLOSE) != 0;
    }

    /** Notes the peer's flags; returns those that are new. */
    int receive(int flags) {
        int fresh = flags & ~peerFlags;
        peerFlags |= flags;
        return fresh;
    }

    /** Sends a flag, once, together with all that were sent before. */
    void send(int flag) {
        if ((sentFlags & flag) == 0) {
            sentFlags |= flag;
            emit(new ConnectionEffect.SendStateFlags(sentFlags));
        }
    }

    /** Sends C, or A if input is unread, unless one of them was sent. */
    void sendFinal(boolean unreadInput) {
        if (sentAnyClose()) {
            return;
        }
        if (unreadInput) {
            endsBecause(new EndReason.AbortedLocally(AbortCause.UNREAD_INPUT));
            send(StateFlags.ABORT);
        } else {
            endsBecause(new EndReason.ClosedOrderly(peerFlags == 0 ? EndReason.Closer.US : EndReason.Closer.BOTH));
            send(StateFlags.CLOSED);
        }
    }

    /** The peer's C came: if nothing ended on our side yet, the close is the peer's doing. */
    void peerClosed() {
        if (sentFlags == 0 && !outputStopped) {
            endsBecause(new EndReason.ClosedOrderly(EndReason.Closer.PEER));
        }
    }

    void endsBecause(EndReason why) {
        if (reason == null
                || (reason instanceof EndReason.ClosedOrderly && !(why instanceof EndReason.ClosedOrderly))) {
            reason = why;
        }
    }

    /** An abort that the application must hear of; an earlier abort has been told to it already. */
    void failBecause(EndReason why) {
        boolean first = reason == null || reason instanceof EndReason.ClosedOrderly;
        endsBecause(why);
        if (first) {
            emit(new ConnectionEffect.FailApplication(why));
        }
    }

    void markAppClosed() {
        appClosed = true;
        emit(new ConnectionEffect.StopInput());
    }

    void stopOutput() {
        if (!outputStopped) {
            outputStopped = true;
            emit(new ConnectionEffect.StopOutput());
        }
    }

    void endInput() {
        if (!inputEnded) {
            inputEnded = true;
            emit(new ConnectionEffect.EndInput());
        }
    }

    void beginDrain(Drain purpose, long deadlineNanos) {
        // A drain under way keeps its deadline if that is nearer: it has waited for the same data already.
        boolean keep = drain != Drain.NONE && drainDeadlineNanos - deadlineNanos <= 0;
        drain = purpose;
        if (!keep) {
            drainDeadlineNanos = deadlineNanos;
            emit(new ConnectionEffect.RequestDrain(deadlineNanos));
        }
    }

    void endDrain() {
        if (drain != Drain.NONE) {
            drain = Drain.NONE;
            drainDeadlineNanos = 0;
            emit(new ConnectionEffect.CancelDrain());
        }
    }

    void dropPassiveReference() {
        if (passiveReference) {
            passiveReference = false;
            emit(new ConnectionEffect.DropPassiveReference());
        }
    }

    /** Nothing more can come from the peer, so the passive reference goes with it. */
    void toClosed() {
        dropPassiveReference();
        phase = ConnectionPhase.CLOSED;
    }

    void release() {
        if (!released) {
            EndReason why = reason == null ? new EndReason.ClosedOrderly(EndReason.Closer.BOTH) : reason;
            reason = why;
            released = true;
            emit(new ConnectionEffect.Release(why));
        }
    }
}
