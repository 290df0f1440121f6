package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.Gid;
import java.util.OptionalInt;

/** What can happen to a link group. */
public sealed interface GroupEvent {
    // ---- first contact ----

    /** Begin SMC-R first contact with a link on {@code port} to the peer port {@code peer} ({@link Gid#NONE} while unknown). */
    record StartFirstContact(LocalPort port, Gid peer) implements GroupEvent {}

    /** Server: CLC CONFIRM told the peer's queue pair on port {@code peer}. */
    record PeerKnown(Gid peer) implements GroupEvent {}

    /** SMC-D: both sides hold each other's DMB token. There is nothing to confirm over shared memory. */
    record SmcdEstablished() implements GroupEvent {}

    // ---- links, from their owners ----

    /** The link's queue pair exists (client: and is RTR). */
    record LinkPrepared(int number, int incarnation) implements GroupEvent {}

    /** The link's queue pair is RTS. */
    record LinkReady(int number, int incarnation) implements GroupEvent {}

    /** The link failed, at whatever stage; first report wins. */
    record LinkDown(int number, int incarnation) implements GroupEvent {}

    /** The link's owner has stopped: its queue pair is destroyed. */
    record LinkCleared(int number, int incarnation) implements GroupEvent {}

    /** A local port can carry links. */
    record PortUp(LocalPort port) implements GroupEvent {}

    /** A local port cannot carry links. Links on it are reported down one by one. */
    record PortDown(LocalPort port) implements GroupEvent {}

    // ---- LLC messages, from the peer, received on link {@code on} ----

    /** CONFIRM LINK request, which says what the server calls the link. */
    record ConfirmLinkRequest(int on, int number) implements GroupEvent {}

    /** CONFIRM LINK response. */
    record ConfirmLinkResponse(int on) implements GroupEvent {}

    /** ADD LINK request for link {@code number} to the peer port {@code peer}; {@code acceptable} is false if a field forbids it (MTU 0). */
    record AddLinkRequest(int on, int number, Gid peer, boolean acceptable) implements GroupEvent {}

    /** ADD LINK response. */
    record AddLinkResponse(int on, int number, boolean rejected, Gid peer) implements GroupEvent {}

    /**
     * Version 1: ADD LINK CONTINUE for link {@code number}; {@code last} if neither side has rkeys left, with our answer (client) or
     * without (server).
     */
    record AddLinkContinue(int on, int number, boolean last) implements GroupEvent {}

    /** REQUEST ADD LINK (or version 1's inviting ADD LINK) from a client. */
    record AddLinkInvited(int on) implements GroupEvent {}

    /** DELETE LINK request for one link. */
    record DeleteLinkRequest(int on, int number) implements GroupEvent {}

    /** DELETE LINK response. */
    record DeleteLinkResponse(int on) implements GroupEvent {}

    /** DELETE LINK for the whole group. */
    record DeleteAllRequest(int on) implements GroupEvent {}

    /** CONFIRM RKEY response, which repeats the rkey of that connection's RMB. */
    record ConfirmRkeyResponse(int on, long connection, boolean negative) implements GroupEvent {}

    /** DELETE RKEY response, in version 2 without saying for which rkey; {@code negative}: the peer did not know it. */
    record DeleteRkeyResponse(int on, boolean negative) implements GroupEvent {}

    // ---- connections ----

    /** A connection wants to join; the client names the link that ACCEPT chose. */
    record Join(long connection, OptionalInt link) implements GroupEvent {}

    /** The joined connection's RMB must be confirmed to the peer (subsequent contact). */
    record ConfirmRkeyWanted(long connection) implements GroupEvent {}

    /** The connection's owner has stopped. */
    record Left(long connection) implements GroupEvent {}

    /** The RMB of a connection that left should be withdrawn from the peer before it is used again. */
    record DeleteRkeyWanted(long buffer) implements GroupEvent {}

    // ---- time ----

    /** The deadline of the flow with that id. */
    record FlowDeadline(int flow) implements GroupEvent {}

    /** The deadline of the waiting request with that id. */
    record RequestDeadline(int request) implements GroupEvent {}

    /** The idle time that began at that epoch is over. */
    record IdleDeadline(int epoch) implements GroupEvent {}

    /** The deadline of a step of termination. */
    record StepDeadline(GroupPhase step) implements GroupEvent {}

    // ---- end ----

    /** End the group. */
    record Terminate(TerminationCause cause) implements GroupEvent {}

    /** The DELETE LINK (all) has left (or cannot). */
    record PeerNotified() implements GroupEvent {}
}
