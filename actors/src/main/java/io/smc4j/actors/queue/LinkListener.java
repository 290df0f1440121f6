package io.smc4j.actors.queue;

import io.smc4j.rdma.CompletionStatus;

/** How the owner tells a Link actor of edges; called on the owner's thread, must only pass a message on. */
public interface LinkListener {
    /**
     * An LLC message arrived.
     *
     * @param message a copy of the bytes received, of any length and content: not checked
     */
    void llcReceived(byte[] message);

    /** The link broke: called once per link, whatever else happens to it. */
    void linkFailed(CompletionStatus status, String detail);
}
