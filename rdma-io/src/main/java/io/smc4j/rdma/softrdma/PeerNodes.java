package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.RdmaGid;
import io.smc4j.rdma.shm.SharedDirectory;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The devices that ours is connected to, found by GID, and whether they live.
 *
 * <p>Thread rules: {@link #probe} by completion queue owners, without a lock; the rest under a lock held for the length of a
 * mapping call, by control calls only.
 */
final class PeerNodes {
    /** Longest time between two looks at a peer's lock while some owner polls or awaits. */
    static final long PROBE_NANOS = 250_000_000;

    private final SharedDirectory directory;
    private final AtomicLong nextProbe;
    private volatile PeerNode[] peers = new PeerNode[0];

    PeerNodes(SharedDirectory directory, long now) {
        this.directory = directory;
        this.nextProbe = new AtomicLong(now);
    }

    /** A port of a peer. The peer's use is to be given back with {@link #release}. */
    record PeerPort(PeerNode node, int port) {}

    /** Finds the live device that has a GID. @throws RdmaException category UNREACHABLE if there is none */
    synchronized PeerPort acquire(RdmaGid gid, long mac) throws RdmaException {
        for (GidFile found : GidFile.find(directory, gid)) {
            if (directory.isAlive(found.node())) {
                PeerNode peer = use(found.node());
                if (peer.page().isValid()
                        && peer.page().hasAddress(found.port(), gid)
                        && peer.page().mac(found.port()) == mac) {
                    return new PeerPort(peer, found.port());
                }
                release(peer);
            }
        }
        throw new RdmaException(
                Category.UNREACHABLE,
                ("no softrdma port has GID %s and MAC %012x in %s: the peer's device is closed, its process has ended, or it"
                                + " uses another shared memory directory")
                        .formatted(gid, mac, directory.path()));
    }

    private PeerNode use(long node) throws RdmaException {
        for (PeerNode peer : peers) {
            if (peer.id() == node) {
                peer.users++;
                return peer;
            }
        }
        PeerNode peer = new PeerNode(node, directory.openNode(node, NodePage.BYTES));
        peer.users = 1;
        PeerNode[] more = Arrays.copyOf(peers, peers.length + 1);
        more[peers.length] = peer;
        peers = more;
        return peer;
    }

    synchronized void release(PeerNode peer) {
        if (--peer.users == 0) {
            peers = Arrays.stream(peers).filter(other -> other != peer).toArray(PeerNode[]::new);
            peer.unmap();
        }
    }

    boolean isEmpty() {
        return peers.length == 0;
    }

    /**
     * Looks, if it is time to, whether the peers live. One caller at a time does the work.
     *
     * @return whether a peer was found dead; its files have been swept then
     */
    boolean probe(long now) {
        PeerNode[] all = peers;
        long due = nextProbe.get();
        if (all.length == 0 || now - due < 0 || !nextProbe.compareAndSet(due, now + PROBE_NANOS)) {
            return false;
        }
        boolean anyDied = false;
        for (PeerNode peer : all) {
            if (!peer.isDead() && !directory.isAlive(peer.id())) {
                peer.markDead();
                anyDied = true;
            }
        }
        if (anyDied) {
            directory.sweepDead();
        }
        return anyDied;
    }
}
