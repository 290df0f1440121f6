package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.connection.ConnectionState;
import io.smc4j.protocol.lifecycle.connection.EndReason;
import io.smc4j.protocol.lifecycle.connection.StateFlags;
import io.smc4j.testkit.explore.Fingerprint;
import java.util.Objects;

/** One end of a connection: its machine, and its endpoint with the sending and the receiving half. Positions count bytes from 0. */
final class ConnEnd implements Cloneable {
    enum Stage {
        ATTACHED,
        /** Released; waits for the owner of the completion queue to let go. */
        DETACHING,
        STOPPED
    }

    Stage stage = Stage.ATTACHED;
    ConnectionState machine = ConnectionState.initial();
    int link;
    int token;
    int buffer;
    int peerBuffer;
    int peerToken;
    boolean open;
    int releases;
    int passiveDrops;

    // sender
    int written;
    int sent;
    int finished;
    int announced;
    int peerConsumed;
    int sequence;
    int sequenceFinished;
    int wantedFlags;
    int flagsSent;
    int flagsFinished;
    boolean validationDue;
    boolean updateRequested;
    boolean writeBlocked;
    boolean detaching;
    boolean failed;
    boolean drainWanted;
    boolean outputStopped;
    boolean inputStopped;
    /** The peer has withdrawn the buffer: nothing is written to it any more. */
    boolean writesOver;
    /** The links on which that is to be answered: bits, 0 if it is not due. */
    int answerOn;

    // receiver
    int lastSequence;
    int received;
    int consumed;
    int confirmed;
    int doubted = -1;
    boolean outOfSync;
    boolean peerBlocked;
    int peerFlags;

    ConnEnd copy() {
        try {
            return (ConnEnd) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean alive() {
        return stage != Stage.STOPPED;
    }

    boolean hasUnread() {
        return received > consumed;
    }

    boolean updateDue() {
        return consumed > confirmed && peerBlocked;
    }

    /** State flags are wanted that the peer does not surely have. */
    boolean flagsOutstanding() {
        return open && (wantedFlags & ~flagsFinished) != 0;
    }

    /** The peer will read no more. */
    static boolean deaf(int flags) {
        return (flags & (StateFlags.CLOSED | StateFlags.ABORT)) != 0;
    }

    boolean endedInOrder() {
        return machine.reason() instanceof EndReason.ClosedOrderly;
    }

    void fingerprint(Fingerprint f) {
        if (stage == Stage.STOPPED) {
            // What is left of it is only looked at when everything is over.
            f.add(-1).add(reason()).add(written | received << 8 | consumed << 16);
            return;
        }
        f.add(stage.ordinal()
                | link << 2
                | token << 6
                | buffer << 12
                | peerBuffer << 16
                | peerToken << 20
                | (open ? 1 << 26 : 0)
                | (long) written << 27
                | (long) sent << 31
                | (long) finished << 35
                | (long) announced << 39
                | (long) peerConsumed << 43
                | (long) sequence << 47
                | (long) sequenceFinished << 53);
        f.add(wantedFlags
                | flagsSent << 8
                | flagsFinished << 16
                | (long) peerFlags << 24
                | bit(validationDue, 32)
                | bit(updateRequested, 33)
                | bit(writeBlocked, 34)
                | bit(detaching, 35)
                | bit(failed, 36)
                | bit(drainWanted, 37)
                | bit(outputStopped, 38)
                | bit(inputStopped, 39)
                | bit(outOfSync, 40)
                | bit(peerBlocked, 41)
                | (long) releases << 42
                | (long) passiveDrops << 44
                | bit(writesOver, 46)
                | (long) answerOn << 47);
        f.add(lastSequence | received << 6 | consumed << 10 | confirmed << 14 | (doubted + 1) << 18);
        f.add(machine.phase().ordinal()
                | machine.sentFlags() << 4
                | machine.peerFlags() << 12
                | machine.drain().ordinal() << 20
                | bit(machine.established(), 22)
                | bit(machine.appClosed(), 23)
                | bit(machine.outputStopped(), 24)
                | bit(machine.inputEnded(), 25)
                | bit(machine.passiveReference(), 26)
                | bit(machine.released(), 27)
                | bit(machine.drainDeadlineNanos() != 0, 28)
                | (long) reason() << 32);
    }

    private static long bit(boolean value, int at) {
        return value ? 1L << at : 0;
    }

    private int reason() {
        return switch (machine.reason()) {
            case null -> 0;
            case EndReason.ClosedOrderly r -> 1 + r.closer().ordinal();
            case EndReason.AbortedByPeer r -> 8;
            case EndReason.HandshakeFailed r -> 9;
            case EndReason.AbortedLocally r -> 16 + r.cause().ordinal();
        };
    }

    @Override
    public String toString() {
        if (stage == Stage.STOPPED) {
            return "stopped: " + Objects.toString(machine.reason());
        }
        return "%s %s on link %d, buffer %d, wrote %d sent %d finished %d, received %d read %d%s%s"
                .formatted(
                        stage,
                        machine.phase(),
                        link,
                        buffer,
                        written,
                        sent,
                        finished,
                        received,
                        consumed,
                        Msg.flagNames(wantedFlags),
                        machine.reason() == null ? "" : ", " + machine.reason());
    }
}
