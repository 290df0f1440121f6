package io.smc4j.protocol.lifecycle.group;

/** A local LLC flow that waits for its turn: one flow at a time owns the group's local flow slot (as Linux serialises them). */
public sealed interface FlowRequest {
    /** Tells the request from others, for its deadline. */
    int id();

    /** Establish another link (server role). */
    record WantLink(int id) implements FlowRequest {}

    /** Tell the peer that a link is gone, and why. */
    record WantDelete(int id, int number, DeleteCause cause) implements FlowRequest {}

    /** Announce the rkey of a joining connection's RMB and wait for the peer's answer. */
    record WantRkeyConfirmed(int id, long connection) implements FlowRequest {}

    /** Withdraw the rkey of an RMB that its connection has left. */
    record WantRkeyDeleted(int id, long buffer) implements FlowRequest {}
}
