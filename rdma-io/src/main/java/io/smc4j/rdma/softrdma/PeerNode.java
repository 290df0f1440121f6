package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.shm.SharedFile;

/** A device that queue pairs of ours are connected to, in this or another process. Thread-safe. */
final class PeerNode {
    private final long id;
    private final SharedFile file;
    private final NodePage page;
    private volatile boolean dead;

    /** Queue pairs that use it; guarded by {@link PeerNodes}. */
    int users;

    PeerNode(long id, SharedFile file) {
        this.id = id;
        this.file = file;
        this.page = new NodePage(file.memory());
    }

    long id() {
        return id;
    }

    NodePage page() {
        return page;
    }

    /** Whether the device was closed or its process has ended: it will never execute or write anything again. */
    boolean isDead() {
        return dead;
    }

    void markDead() {
        dead = true;
    }

    void unmap() {
        file.close();
    }
}
