package io.smc4j.rdma.ism;

import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.IsmEvent;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.RemoteDmb;
import io.smc4j.rdma.shm.Doorbell;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedFile;
import io.smc4j.rdma.shm.SharedNode;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An emulated ISM device among the processes that share a directory.
 *
 * <p>Its GID is the fabric id of the directory and, as extension, the id of its node. A doorbell may be delivered without
 * cause: when a peer signals a DMB that was just closed and whose slot another one has already taken.
 */
final class SharedMemoryIsmDevice implements IsmDevice {
    /** In the range of emulated ISM (0xFF00..0xFFFF); Linux's own loopback device is 0xFFFF. */
    static final int CHID = 0xFF4A;

    private static final String KIND = "dmb";
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int POLLS_PER_CLOCK = 16;

    private final SharedNode node;
    private final IsmGid gid;
    private final LongSupplier nanoClock;
    private final SignalBoard board;
    private final Doorbell doorbell;
    private final PeerTable peers;
    private final SecureRandom tokens = new SecureRandom();

    private final AtomicReferenceArray<@Nullable LocalDmb> dmbs = new AtomicReferenceArray<>(SignalBoard.SLOTS);
    private final BitSet slots = new BitSet(SignalBoard.SLOTS);
    private int nextSlot;
    private int attachments;
    private boolean closed;

    // the owner thread's
    private final int[] signalled = new int[SignalBoard.SLOTS];
    private final int[] attached = new int[SignalBoard.SLOTS];
    private int nextSignalled;
    private int endSignalled;
    private final ArrayDeque<IsmEvent> events = new ArrayDeque<>();
    private long lastProbe;
    private int polls;

    SharedMemoryIsmDevice(SharedNode node, long fabric, LongSupplier nanoClock) {
        this.node = node;
        this.gid = new IsmGid(fabric, node.id());
        this.nanoClock = nanoClock;
        this.board = SignalBoard.create(node.memory());
        this.doorbell = board.doorbell();
        this.peers = new PeerTable(node.directory());
        this.lastProbe = nanoClock.getAsLong();
    }

    @Override
    public IsmGid gid() {
        return gid;
    }

    @Override
    public int chid() {
        return CHID;
    }

    @Override
    public boolean reaches(IsmGid peer) {
        return peer.gid() == gid.gid() && node.directory().isAlive(peer.extension());
    }

    PeerTable peers() {
        return peers;
    }

    /** Whether it is another device than this one: we need not be told of our own death. */
    boolean isPeer(long nodeId) {
        return nodeId != node.id();
    }

    @Override
    public Dmb register(int size, Object cookie) throws RdmaException {
        if (size <= 0) {
            throw new IllegalArgumentException("a DMB has at least one byte, not " + size);
        }
        int slot = takeSlot();
        LocalDmb dmb = null;
        try {
            long token = tokens.nextLong();
            SharedFile file = node.create(KIND, HexFormat.of().toHexDigits(token), DmbControl.BYTES + size);
            MemorySegment memory = file.memory();
            file.populate(); // page faults now, not at the first write
            DmbControl control = DmbControl.create(memory, size, slot, node.id());
            dmb = new LocalDmb(this, file, control, token, slot, cookie);
            dmbs.set(slot, dmb);
            return dmb;
        } finally {
            if (dmb == null) {
                unregistered(slot);
            }
        }
    }

    private synchronized int takeSlot() throws RdmaException {
        requireOpen();
        int slot = slots.nextClearBit(nextSlot);
        if (slot >= SignalBoard.SLOTS) {
            slot = slots.nextClearBit(0);
        }
        if (slot >= SignalBoard.SLOTS) {
            throw new RdmaException(
                    Category.OUT_OF_RESOURCES,
                    "ISM device %s has its limit of %d DMBs registered: close connections, or open another device"
                            .formatted(gid, SignalBoard.SLOTS));
        }
        slots.set(slot);
        nextSlot = slot + 1; // slots are used in turn, so that a late signal seldom meets a new DMB
        return slot;
    }

    synchronized void unregistered(int slot) {
        dmbs.set(slot, null);
        slots.clear(slot);
    }

    @Override
    public RemoteDmb attach(IsmGid peer, long token, int size) throws RdmaException {
        if (size <= 0) {
            throw new RdmaException(Category.MISUSE, "peer %s announced a DMB of %d bytes".formatted(peer, size));
        }
        if (peer.gid() != gid.gid()) {
            throw new RdmaException(
                    Category.UNREACHABLE,
                    "ISM device %s is on another fabric than %s: it is on another host, or uses another directory than %s"
                            .formatted(peer, gid, node.directory().path()));
        }
        long owner = peer.extension();
        if (!node.directory().isAlive(owner)) {
            throw new RdmaException(Category.UNREACHABLE, "ISM device " + peer + " is gone: its process has ended");
        }
        SignalBoard peersBoard = peers.connect(owner);
        RemoteDmb dmb = null;
        try {
            dmb = attach(peer, token, size, peersBoard);
            return dmb;
        } finally {
            if (dmb == null) {
                peers.release(owner);
            }
        }
    }

    private RemoteDmb attach(IsmGid peer, long token, int size, SignalBoard peersBoard) throws RdmaException {
        long owner = peer.extension();
        SharedFile file = open(peer, token, size);
        AttachedDmb dmb = null;
        try {
            DmbControl control = DmbControl.of(file.memory());
            int slot = control.slot();
            if (!control.describes(size, owner) || slot < 0 || slot >= SignalBoard.SLOTS) {
                throw new RdmaException(
                        Category.MISUSE,
                        name(peer, token, size) + " is damaged or of another version of smc4j: refused");
            }
            file.populate();
            countAttachment();
            if (!control.claim(node.id())) {
                uncountAttachment();
                throw new RdmaException(
                        Category.UNREACHABLE,
                        name(peer, token, size) + " has been attached by somebody else, or was withdrawn");
            }
            file.unlink();
            dmb = new AttachedDmb(this, owner, file, control, peersBoard, slot);
            peersBoard.mark(SignalBoard.Kind.ATTACHED, slot);
            return dmb;
        } finally {
            if (dmb == null) {
                file.close();
            }
        }
    }

    private static String name(IsmGid peer, long token, int size) {
        return "DMB %016x of %d bytes of ISM device %s".formatted(token, size, peer);
    }

    private SharedFile open(IsmGid peer, long token, int size) throws RdmaException {
        String name =
                SharedDirectory.fileName(peer.extension(), KIND, HexFormat.of().toHexDigits(token));
        try {
            return SharedFile.open(node.directory(), name, DmbControl.BYTES + size);
        } catch (RdmaException e) {
            String why = e.category() == Category.UNREACHABLE
                    ? "does not exist: wrong token, attached by somebody else, or withdrawn"
                    : "is refused: " + e.getMessage();
            throw new RdmaException(e.category(), name(peer, token, size) + ' ' + why, e);
        }
    }

    private synchronized void countAttachment() {
        requireOpen();
        attachments++;
    }

    private synchronized void uncountAttachment() {
        attachments--;
    }

    void detached(long ownerNode) {
        uncountAttachment();
        peers.release(ownerNode);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("ISM device " + gid + " is closed");
        }
    }

    @Override
    public int pollSignals(SignalHandler handler) {
        if ((++polls & (POLLS_PER_CLOCK - 1)) == 0) {
            watchPeers();
        }
        // what a handler that threw has left over comes first, and alone: at most once per DMB and call
        if (nextSignalled == endSignalled) {
            nextSignalled = 0;
            endSignalled = board.take(SignalBoard.Kind.SIGNALLED, signalled);
        }
        int delivered = 0;
        while (nextSignalled < endSignalled) {
            LocalDmb dmb = dmbs.get(signalled[nextSignalled++]);
            if (dmb != null) {
                handler.onSignal(dmb.cookie());
                delivered++;
            }
        }
        return delivered;
    }

    @Override
    public @Nullable IsmEvent pollEvent() {
        if (events.isEmpty()) {
            watchPeers();
        }
        return events.poll();
    }

    private void watchPeers() {
        for (int i = board.take(SignalBoard.Kind.ATTACHED, attached) - 1; i >= 0; i--) {
            LocalDmb dmb = dmbs.get(attached[i]);
            if (dmb != null) {
                dmb.noteAttacher();
            }
        }
        if (peers.isEmpty() || nanoClock.getAsLong() - lastProbe < PROBE_NANOS) {
            return;
        }
        lastProbe = nanoClock.getAsLong();
        List<Long> dead = peers.findDead();
        for (long nodeId : dead) {
            IsmGid peer = new IsmGid(gid.gid(), nodeId);
            events.add(new IsmEvent.PeerGone(peer, "its process has ended, or it closed its ISM device"));
        }
        if (!dead.isEmpty()) {
            node.directory().sweepDead();
        }
    }

    @Override
    public void arm() {
        doorbell.arm();
        watchPeers();
    }

    @Override
    public void await(long timeoutNanos) {
        if (!events.isEmpty() || nextSignalled != endSignalled) {
            doorbell.disarm();
            return;
        }
        // a peer that dies rings no bell
        long longest = peers.isEmpty() ? timeoutNanos : lastProbe + PROBE_NANOS - nanoClock.getAsLong();
        doorbell.await(Math.min(timeoutNanos, Math.max(1, longest)));
        watchPeers();
    }

    @Override
    public void wakeUp() {
        doorbell.wakeUp();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        if (!slots.isEmpty() || attachments != 0) {
            throw new IllegalStateException(
                    "ISM device %s still has %d DMBs registered and %d attached: close them first"
                            .formatted(gid, slots.cardinality(), attachments));
        }
        closed = true;
        doorbell.close();
        node.close();
    }
}
