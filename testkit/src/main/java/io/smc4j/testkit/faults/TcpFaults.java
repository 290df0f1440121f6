package io.smc4j.testkit.faults;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.rendezvous.Announcer;
import io.smc4j.rdma.rendezvous.Arrival;
import io.smc4j.rdma.rendezvous.ListenerLookup;
import io.smc4j.rdma.rendezvous.ListenerRecord;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between a client and a listener, on the loopback address, that cuts, stalls and truncates the TCP leg of connections:
 *
 * <pre>{@code
 * try (TcpFaults tcp = TcpFaults.before(listener.localAddress(), sharedMemory, log)) {
 *     tcp.stallInMessage(TcpFaults.Leg.TO_CLIENT, 1);       // half of ACCEPT arrives
 *     smc.connect(tcp.address());
 * }
 * }</pre>
 *
 * <p>Faults concern all connections that there are and will be, until they are taken back. With the strategy {@code rendezvous} it
 * stands in the listener's place: it leaves a record of its own, claims announcements and announces itself to the listener. With
 * {@code explicit} negotiation no shared memory is needed. Thread-safe.
 */
public final class TcpFaults implements AutoCloseable {
    /** Which way bytes go. */
    public enum Leg {
        TO_SERVER,
        TO_CLIENT
    }

    /** What happens at a limit. */
    enum End {
        /** Both sides see a reset. */
        CUT,
        /** Nothing more arrives. */
        STALL
    }

    /** Where a leg stops: behind so many bytes of a connection, or in the middle of its nth CLC message. */
    record Limit(long bytes, int message, End end) {}

    private static final Duration CLAIM = Duration.ofSeconds(5);
    private static final long BETWEEN_LOOKS = 100_000;
    private static final String NODE = "tcp proxy";

    private final InetSocketAddress target;
    private final FaultLog log;
    private final ServerSocketChannel socket;
    private final InetSocketAddress address;
    private final @Nullable SharedNode self;
    private final @Nullable ListenerRecord record;
    private final List<TcpRelay> relays = new CopyOnWriteArrayList<>();
    private final Map<Leg, AtomicLong> passed = new EnumMap<>(Leg.class);
    private final Map<Leg, Limit> limits = new EnumMap<>(Leg.class);
    private final Map<Leg, Boolean> stalled = new EnumMap<>(Leg.class);
    private boolean refusing;
    private boolean closed;

    private TcpFaults(InetSocketAddress target, FaultLog log, @Nullable Path sharedMemory)
            throws IOException, RdmaException {
        this.target = target;
        this.log = log;
        for (Leg leg : Leg.values()) {
            passed.put(leg, new AtomicLong());
        }
        socket = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        address = (InetSocketAddress) socket.getLocalAddress();
        SharedNode node = null;
        ListenerRecord published = null;
        if (sharedMemory != null) {
            SharedDirectory directory = SharedDirectory.open(sharedMemory);
            node = SharedNode.open(directory, 64);
            published = ListenerRecord.publish(directory, address);
        }
        self = node;
        record = published;
        Thread.ofVirtual().name("tcp-faults-accept").start(this::accept);
    }

    /** A proxy for {@code explicit} negotiation. @param listener where it connects to */
    public static TcpFaults before(InetSocketAddress listener, FaultLog log) {
        return open(listener, null, log);
    }

    /** A proxy for {@code rendezvous}. @param sharedMemory the directory of the nodes' shared memory */
    public static TcpFaults before(InetSocketAddress listener, Path sharedMemory, FaultLog log) {
        return open(listener, sharedMemory, log);
    }

    private static TcpFaults open(InetSocketAddress listener, @Nullable Path sharedMemory, FaultLog log) {
        try {
            return new TcpFaults(listener, log, sharedMemory);
        } catch (IOException e) {
            throw new UncheckedIOException("no proxy before " + listener + ": " + e.getMessage(), e);
        } catch (RdmaException e) {
            throw new IllegalStateException("no proxy before " + listener + ": " + e.getMessage(), e);
        }
    }

    /** Where clients connect to. */
    public InetSocketAddress address() {
        return address;
    }

    /** Connections that pass through now. */
    public int connections() {
        return relays.size();
    }

    /** Bytes that passed one way, over all connections. */
    public long passed(Leg leg) {
        return counter(leg).get();
    }

    // ---- faults ----

    /** Resets all connections that there are. */
    public void cut() {
        for (TcpRelay relay : relays) {
            record(FaultKind.TCP_CUT, relay.toString(), "at once");
            relay.cut();
        }
    }

    /** Bytes go no further one way, until {@link #resume}. */
    public synchronized void stall(Leg leg) {
        stalled.put(leg, true);
        record(FaultKind.TCP_STALLED, "all connections", leg.toString());
    }

    /** Takes back what {@link #stall} and the limits do to one way; what was stalled goes on. */
    public synchronized void resume(Leg leg) {
        stalled.remove(leg);
        limits.remove(leg);
        notifyAll();
    }

    /** Resets each connection behind so many bytes one way, counted from its begin. */
    public void cutAfter(Leg leg, long bytes) {
        limit(leg, new Limit(bytes, 0, End.CUT));
    }

    /** Stalls each connection behind so many bytes one way, counted from its begin. */
    public void stallAfter(Leg leg, long bytes) {
        limit(leg, new Limit(bytes, 0, End.STALL));
    }

    /** Resets each connection in the middle of its nth CLC message one way, from 1. */
    public void cutInMessage(Leg leg, int nth) {
        limit(leg, new Limit(0, nth, End.CUT));
    }

    /** Stalls each connection in the middle of its nth CLC message one way, from 1. */
    public void stallInMessage(Leg leg, int nth) {
        limit(leg, new Limit(0, nth, End.STALL));
    }

    private synchronized void limit(Leg leg, Limit limit) {
        limits.put(leg, limit);
    }

    /** Whether new connections are reset at once. */
    public synchronized void refuse(boolean all) {
        refusing = all;
    }

    // ---- for relays ----

    @Nullable
    synchronized Limit limit(Leg leg) {
        return limits.get(leg);
    }

    /** Waits while the leg is stalled, by hand or at a limit. @return false if the proxy is closed or the relay is over */
    synchronized boolean awaitGoing(Leg leg, TcpRelay relay, @Nullable Limit atLimit) throws InterruptedException {
        while (!closed
                && !relay.isOver()
                && (stalled.containsKey(leg) || atLimit != null && limits.get(leg) == atLimit)) {
            wait();
        }
        return !closed && !relay.isOver();
    }

    void passed(Leg leg, int bytes) {
        counter(leg).addAndGet(bytes);
    }

    private AtomicLong counter(Leg leg) {
        AtomicLong counter = passed.get(leg);
        if (counter == null) {
            throw new IllegalStateException("no counter of " + leg);
        }
        return counter;
    }

    void record(FaultKind kind, String connection, String detail) {
        log.record(kind, NODE, connection, detail);
    }

    void over(TcpRelay relay) {
        relays.remove(relay);
        synchronized (this) {
            notifyAll();
        }
    }

    // ---- accepting ----

    private void accept() {
        try {
            while (true) {
                SocketChannel client = socket.accept();
                Thread.ofVirtual().name("tcp-faults-connect").start(() -> serve(client));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(SocketChannel client) {
        InetSocketAddress remote;
        try {
            remote = (InetSocketAddress) client.getRemoteAddress();
            synchronized (this) {
                if (refusing || closed) {
                    record(FaultKind.TCP_REFUSED, "connection from " + remote, "");
                    TcpRelay.reset(client);
                    return;
                }
            }
            Optional<byte[]> announced = record == null ? Optional.empty() : announcement(record, remote);
            SocketChannel server = SocketChannel.open().bind(new InetSocketAddress(target.getAddress(), 0));
            connect(server, announced.isPresent());
            // What came with the announcement passes as what would have been sent, so that faults find it.
            TcpRelay relay = new TcpRelay(
                    this, "connection from " + remote, client, server, announced.orElseGet(() -> new byte[0]));
            relays.add(relay);
            relay.start();
        } catch (IOException | RdmaException | IllegalStateException e) {
            record(FaultKind.TCP_REFUSED, client.toString(), "not by intention: " + e);
            TcpRelay.reset(client);
        }
    }

    /** The client, which is connected before it announces itself, may not have done so yet. */
    private static Optional<byte[]> announcement(ListenerRecord record, InetSocketAddress client) {
        Arrival arrival = record.arrived(client);
        long start = System.nanoTime();
        while (!arrival.look()) {
            if (System.nanoTime() - start > CLAIM.toNanos()) {
                arrival.giveUp();
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
        return arrival.announcement();
    }

    private void connect(SocketChannel server, boolean announced) throws IOException, RdmaException {
        SharedNode own = self;
        Announcer announcer =
                announced && own != null ? ListenerLookup.find(own, target).orElse(null) : null;
        if (announcer == null) {
            server.connect(target);
            return;
        }
        try (announcer) {
            announcer.announce((InetSocketAddress) server.getLocalAddress(), new byte[0]);
            server.connect(target);
            announcer.awaitClaim(CLAIM.toNanos());
        }
    }

    /** Resets all connections and accepts no more. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            notifyAll();
        }
        if (record != null) {
            record.close();
        }
        if (self != null) {
            self.close();
        }
        TcpRelay.closeQuietly(socket);
        relays.forEach(TcpRelay::cut);
    }
}
