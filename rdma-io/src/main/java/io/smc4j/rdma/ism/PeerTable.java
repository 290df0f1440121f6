package io.smc4j.rdma.ism;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The peer devices that a device is attached to, or that are attached to it: who is watched for its death, and whose signal
 * board is mapped here. Each attachment, in either direction, counts as a reference. Thread-safe.
 */
final class PeerTable {
    private final SharedDirectory directory;
    private final Map<Long, Peer> peers = new HashMap<>();
    private volatile boolean empty = true;

    PeerTable(SharedDirectory directory) {
        this.directory = directory;
    }

    private static final class Peer {
        private int references;
        private boolean gone;
        private @Nullable SharedFile file;
        private @Nullable SignalBoard board;
    }

    /** Whether there is nobody to watch. */
    boolean isEmpty() {
        return empty;
    }

    /** Adds a reference to a peer that attached to us. */
    synchronized void watch(long nodeId) {
        peers.computeIfAbsent(nodeId, id -> new Peer()).references++;
        empty = false;
    }

    /** Adds a reference to a peer that we attach to, and maps its board. */
    synchronized SignalBoard connect(long nodeId) throws RdmaException {
        Peer known = peers.get(nodeId);
        Peer peer = known == null ? new Peer() : known;
        SignalBoard board = peer.board;
        if (board == null) {
            SharedFile file = directory.openNode(nodeId, SignalBoard.BYTES);
            try {
                board = SignalBoard.of(file.memory());
            } catch (RdmaException e) {
                file.close();
                throw e;
            }
            peer.file = file;
            peer.board = board;
        }
        peer.references++;
        peers.put(nodeId, peer);
        empty = false;
        return board;
    }

    /** Gives a reference back; with the last one the board is unmapped and the peer no longer watched. */
    synchronized void release(long nodeId) {
        Peer peer = peers.get(nodeId);
        if (peer == null || --peer.references > 0) {
            return;
        }
        peers.remove(nodeId);
        empty = peers.isEmpty();
        if (peer.file != null) {
            peer.file.close();
        }
    }

    /** Looks who has died since the last time. A few microseconds a peer. @return node ids, each only once */
    List<Long> findDead() {
        List<Long> dead = new ArrayList<>();
        for (Long nodeId : living()) {
            if (!directory.isAlive(nodeId) && bury(nodeId)) {
                dead.add(nodeId);
            }
        }
        return dead;
    }

    private synchronized List<Long> living() {
        List<Long> ids = new ArrayList<>(peers.size());
        peers.forEach((id, peer) -> {
            if (!peer.gone) {
                ids.add(id);
            }
        });
        return ids;
    }

    private synchronized boolean bury(long nodeId) {
        Peer peer = peers.get(nodeId);
        if (peer == null || peer.gone) {
            return false;
        }
        peer.gone = true;
        return true;
    }
}
