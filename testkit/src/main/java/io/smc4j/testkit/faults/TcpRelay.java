package io.smc4j.testkit.faults;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection through a {@link TcpFaults}: a thread for each way. */
final class TcpRelay {
    private static final int BUFFER = 16 * 1024;
    private static final int LEGS = 2;

    private final TcpFaults proxy;
    private final String name;
    private final SocketChannel client;
    private final SocketChannel server;
    private final byte[] opening;
    private final AtomicInteger going = new AtomicInteger(LEGS);
    private volatile boolean over;

    /** @param opening passes before what the client sends */
    TcpRelay(TcpFaults proxy, String name, SocketChannel client, SocketChannel server, byte[] opening)
            throws IOException {
        this.opening = opening;
        this.proxy = proxy;
        this.name = name;
        this.client = client;
        this.server = server;
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        server.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    void start() {
        for (TcpFaults.Leg leg : TcpFaults.Leg.values()) {
            Thread.ofVirtual().name("tcp-faults-" + leg).start(() -> run(leg));
        }
    }

    boolean isOver() {
        return over;
    }

    private void run(TcpFaults.Leg leg) {
        boolean toServer = leg == TcpFaults.Leg.TO_SERVER;
        try {
            pump(leg, toServer ? client : server, toServer ? server : client);
        } catch (IOException | InterruptedException _) {
            cut(); // one side was reset: so is the other
        } finally {
            if (going.decrementAndGet() == 0) {
                end();
            }
        }
    }

    private void pump(TcpFaults.Leg leg, SocketChannel from, SocketChannel to)
            throws IOException, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        ClcProgress progress = new ClcProgress();
        long total = 0;
        buffer.put(leg == TcpFaults.Leg.TO_SERVER ? opening : new byte[0]);
        while (buffer.position() > 0 || from.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                TcpFaults.Limit limit = proxy.limit(leg);
                int allowed = limit == null ? buffer.remaining() : progress.allowed(buffer, total, limit);
                if (allowed == 0 && limit != null) {
                    if (!reached(leg, limit)) {
                        return;
                    }
                    continue;
                }
                if (!proxy.awaitGoing(leg, this, null)) {
                    return;
                }
                ByteBuffer part = buffer.slice(buffer.position(), allowed);
                progress.take(part.duplicate());
                while (part.hasRemaining()) {
                    var _ = to.write(part);
                }
                buffer.position(buffer.position() + allowed);
                total += allowed;
                proxy.passed(leg, allowed);
            }
            buffer.clear();
        }
        to.shutdownOutput();
    }

    /** Nothing may pass any more. @return whether it may again */
    private boolean reached(TcpFaults.Leg leg, TcpFaults.Limit limit) throws InterruptedException {
        String where = leg
                + (limit.message() > 0
                        ? ", in CLC message " + limit.message()
                        : ", behind " + limit.bytes() + " bytes");
        proxy.record(FaultKind.TCP_TRUNCATED, name, where);
        if (limit.end() == TcpFaults.End.CUT) {
            proxy.record(FaultKind.TCP_CUT, name, where);
            cut();
            return false;
        }
        proxy.record(FaultKind.TCP_STALLED, name, where);
        return proxy.awaitGoing(leg, this, limit);
    }

    /** Both sides see a reset. Idempotent. */
    void cut() {
        over = true;
        reset(client);
        reset(server);
        proxy.over(this);
    }

    private void end() {
        over = true;
        closeQuietly(client);
        closeQuietly(server);
        proxy.over(this);
    }

    static void reset(SocketChannel socket) {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0); // closing sends RST
        } catch (IOException _) {
            // closed already
        }
        closeQuietly(socket);
    }

    static void closeQuietly(Channel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // Nobody is left to care.
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
