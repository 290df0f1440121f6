package io.smc4j.protocol.lifecycle.group;

import java.time.Duration;

/** What the owner of a link group must do. Effects are carried out in order. */
public sealed interface GroupEffect {
    // ---- links ----

    /** Create the owner of a link: a queue pair on {@code port} (client: moved to RTR); report LinkPrepared or LinkDown. */
    record PrepareLink(int number, int incarnation, LocalPort port) implements GroupEffect {}

    /** Move the link's queue pair to RTS; report LinkReady or LinkDown. */
    record ReadyLink(int number, int incarnation) implements GroupEffect {}

    /** Client, first contact: the server calls the link by another number, which is its own from now on. */
    record RenumberLink(int from, int to, int incarnation) implements GroupEffect {}

    /** The link carries traffic from now on: keepalive starts. */
    record LinkActivated(int number, int incarnation) implements GroupEffect {}

    /** Stop the link's owner; LinkCleared comes when it has stopped. */
    record ClearLink(int number, int incarnation) implements GroupEffect {}

    /** Fail over every connection of link {@code from}. */
    record MoveConnections(int from, int to) implements GroupEffect {}

    // ---- LLC messages to send on link {@code on} ----

    record SendConfirmLinkRequest(int on) implements GroupEffect {}

    record SendConfirmLinkResponse(int on) implements GroupEffect {}

    record SendAddLinkRequest(int on, int number) implements GroupEffect {}

    record SendAddLinkResponse(int on, int number) implements GroupEffect {}

    /** Refuse the ADD LINK request just received: no alternate path. */
    record SendAddLinkReject(int on, int number) implements GroupEffect {}

    /** Version 1: send the next rkeys of link {@code number}, or say that there are none left. */
    record SendAddLinkContinue(int on, int number) implements GroupEffect {}

    /** Ask the server for another link. */
    record SendRequestAddLink(int on) implements GroupEffect {}

    record SendDeleteLinkRequest(int on, int number, DeleteCause cause) implements GroupEffect {}

    record SendDeleteLinkResponse(int on, int number, boolean known) implements GroupEffect {}

    /** Send DELETE LINK (all); report PeerNotified when it has left or cannot leave. */
    record SendDeleteAll(int on, TerminationCause cause) implements GroupEffect {}

    record SendConfirmRkey(int on, long connection) implements GroupEffect {}

    record SendDeleteRkey(int on, long buffer) implements GroupEffect {}

    // ---- handshakes and connections ----

    /** First contact: link 1's numbers can go into CLC ACCEPT or CONFIRM; the answer is already expected. */
    record FirstLinkPrepared(int number) implements GroupEffect {}

    /** First contact is complete. */
    record Established() implements GroupEffect {}

    /** First contact failed: the handshake falls back; {@code timedOut} tells TIMEOUT_CL from other failures. */
    record FirstContactFailed(boolean timedOut) implements GroupEffect {}

    /** The connection is a member, on a link (0 for SMC-D). */
    record Joined(long connection, int link) implements GroupEffect {}

    /** The connection cannot join. */
    record JoinRefused(long connection, JoinRefusal why) implements GroupEffect {}

    /** The peer answered CONFIRM RKEY for the connection, or will not. */
    record RkeyConfirmed(long connection, boolean confirmed) implements GroupEffect {}

    /** The peer will not write to the buffer any more ({@code safe}), or nobody knows: then it is quarantined. */
    record RkeyDeleted(long buffer, boolean safe) implements GroupEffect {}

    // ---- time ----

    /** Report FlowDeadline of that id after a while. */
    record ArmFlowDeadline(int flow, Duration after) implements GroupEffect {}

    /** Report RequestDeadline of that id after a while. */
    record ArmRequestDeadline(int request, Duration after) implements GroupEffect {}

    /** Report IdleDeadline of that epoch after a while. */
    record ArmIdleDeadline(int epoch, Duration after) implements GroupEffect {}

    /** Report StepDeadline after a while. */
    record ArmStepDeadline(GroupPhase step, Duration after) implements GroupEffect {}

    // ---- end ----

    /** Remove the group from the registry: no new match. Exactly once, before anything else of termination. */
    record Unlist(TerminationCause cause) implements GroupEffect {}

    /** Tell every connection to end and why. */
    record KillConnections(TerminationCause cause) implements GroupEffect {}

    /** A step of termination passed its deadline: stop what is left of it without waiting for anybody outside. */
    record Escalate(GroupPhase step) implements GroupEffect {}

    /** Every child has stopped (or {@code quarantine}: a step passed its last deadline): free everything and stop. Exactly once. */
    record Free(TerminationCause cause, boolean quarantine) implements GroupEffect {}
}
