package io.smc4j.actors.queue;

import io.smc4j.rdma.IsmGid;

/** How the owner tells of its ISM device's events; called on the owner's thread, must only pass a message on. */
public interface IsmListener {
    /** The peer's device is gone: its DMBs will never change again, and nothing written to them is read. */
    void peerGone(IsmGid peer, String reason);
}
