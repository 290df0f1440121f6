package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.shm.Doorbell;

/** How a connected queue pair reaches its peer: port to port, and the doorbell of the peer's completion queue. Thread-safe. */
final class Path {
    private final NodePage own;
    private final int port;
    private final PeerNode peer;
    private final int peerPort;
    private final Doorbell peerDoorbell;

    Path(NodePage own, int port, PeerNode peer, int peerPort, int peerDoorbellSlot) {
        this.own = own;
        this.port = port;
        this.peer = peer;
        this.peerPort = peerPort;
        this.peerDoorbell = new Doorbell(peer.page().doorbell(peerDoorbellSlot));
    }

    /** Whether both ports carry traffic. */
    boolean isUp() {
        return own.isActive(port) && peer.page().isActive(peerPort);
    }

    boolean isPeerDead() {
        return peer.isDead();
    }

    /** Wakes the peer's owner if it is parked. */
    void ringPeer() {
        peerDoorbell.ring();
    }

    PeerNode peer() {
        return peer;
    }
}
