package io.smc4j.rdma.softrdma;

import static io.smc4j.rdma.RdmaException.Category.MISUSE;
import static io.smc4j.rdma.RdmaException.Category.UNREACHABLE;

import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedFile;
import io.smc4j.rdma.shm.SharedNode;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Leads a queue pair to its peer's ring: the control side of INIT → RTR. Thread-safe. */
final class PathConnector {
    private static final String KIND = "qp";

    private final SharedNode node;
    private final NodePage page;
    private final PeerNodes peers;
    private final PortTable ports;

    PathConnector(SharedNode node, NodePage page, PeerNodes peers, PortTable ports) {
        this.node = node;
        this.page = page;
        this.peers = peers;
        this.ports = ports;
    }

    /** What RTR needs to hold on to. */
    record Connection(SharedFile ring, RingWriter writer, Path path) {}

    long nodeId() {
        return node.id();
    }

    /** Creates the ring in which a queue pair receives, every page of it reserved. */
    SharedFile createRing(int queuePair) throws RdmaException {
        return node.create(KIND, fileName(queuePair), RingLayout.DATA + RingLayout.CAPACITY);
    }

    /**
     * Maps the peer's ring and claims it. Its name is removed: nobody else is to find it, and it cannot stay behind.
     *
     * @throws RdmaException category UNREACHABLE if there is no such port or queue pair, or another sender holds the ring
     */
    Connection connect(int queuePair, int port, RtrAttributes to) throws RdmaException {
        PortInfo own = ports.info(port);
        if (to.mtuBytes() < 256 || to.mtuBytes() > own.mtuBytes() || Integer.bitCount(to.mtuBytes()) != 1) {
            throw new RdmaException(
                    MISUSE, "path MTU %d is not one of 256, 512, 1024, 2048, 4096".formatted(to.mtuBytes()));
        }
        if (to.minRnrTimer() < 0 || to.minRnrTimer() > 31) {
            throw new RdmaException(MISUSE, "RNR timer code %d is not in 0..31".formatted(to.minRnrTimer()));
        }
        PeerNodes.PeerPort peer = peers.acquire(to.remoteGid(), to.remoteMac());
        SharedFile ring = null;
        boolean connected = false;
        try {
            ring = open(peer.node().id(), to);
            MemorySegment header = ring.memory();
            int doorbell = header.get(RingLayout.I32, RingLayout.O_OWNER_DOORBELL);
            if ((int) RingLayout.INT.getAcquire(header, RingLayout.O_MAGIC) != RingLayout.MAGIC
                    || header.get(RingLayout.I32, RingLayout.O_VERSION) != RingLayout.VERSION
                    || header.get(RingLayout.I64, RingLayout.O_CAPACITY) != RingLayout.CAPACITY
                    || header.get(RingLayout.I32, RingLayout.O_OWNER_QPN) != to.remoteQueuePair()
                    || doorbell < 0
                    || doorbell >= NodePage.DOORBELLS) {
                throw new RdmaException(
                        UNREACHABLE,
                        ring.path() + " is not a ring of this version of smc4j: use the same on both sides");
            }
            RingWriter writer = new RingWriter(header, RingLayout.CAPACITY);
            if (!writer.attach(own.gid(), queuePair)) {
                throw new RdmaException(
                        UNREACHABLE,
                        "queue pair 0x%06x at %s is already connected to another"
                                .formatted(to.remoteQueuePair(), to.remoteGid()));
            }
            ring.unlink();
            connected = true;
            return new Connection(ring, writer, new Path(page, port, peer.node(), peer.port(), doorbell));
        } finally {
            if (!connected) {
                if (ring != null) {
                    ring.close();
                }
                peers.release(peer.node());
            }
        }
    }

    private SharedFile open(long peer, RtrAttributes to) throws RdmaException {
        SharedDirectory directory = node.directory();
        String name = SharedDirectory.fileName(peer, KIND, fileName(to.remoteQueuePair()));
        try {
            return SharedFile.open(directory, name, RingLayout.DATA + RingLayout.CAPACITY);
        } catch (RdmaException e) {
            if (e.category() != UNREACHABLE) {
                throw e;
            }
            throw new RdmaException(
                    UNREACHABLE,
                    "there is no queue pair 0x%06x to connect to at %s: it was destroyed, or is connected already"
                            .formatted(to.remoteQueuePair(), to.remoteGid()),
                    e);
        }
    }

    private static String fileName(int queuePair) {
        return "%06x".formatted(queuePair);
    }

    static void check(RtsAttributes attributes) throws RdmaException {
        if (attributes.timeoutCode() < 0
                || attributes.timeoutCode() > 31
                || attributes.retryCount() < 0
                || attributes.retryCount() > 7
                || attributes.rnrRetry() < 0
                || attributes.rnrRetry() > 7) {
            throw new RdmaException(
                    MISUSE, attributes + " is out of range: timeout code 0..31, retry count 0..7, RNR retry 0..7");
        }
    }

    /** Gives everything back; nobody uses it any more. */
    void disconnect(SharedFile ownRing, @Nullable SharedFile peerRing, @Nullable Path path) {
        ownRing.unlink();
        ownRing.close();
        if (peerRing != null) {
            peerRing.close();
        }
        if (path != null) {
            peers.release(path.peer());
        }
    }
}
