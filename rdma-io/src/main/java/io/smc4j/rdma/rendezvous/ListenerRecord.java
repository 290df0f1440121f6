package io.smc4j.rdma.rendezvous;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedFile;
import io.smc4j.rdma.shm.SharedNode;
import java.net.InetSocketAddress;

/**
 * A listening socket's record, for clients of the same user on the same host (and network namespace). Close it before the socket,
 * so that no client finds a record whose port somebody else may have got meanwhile.
 *
 * <p>Thread-safe.
 */
public final class ListenerRecord implements AutoCloseable {
    static final String KIND = "listen";

    private final SharedNode node;
    private final SharedFile file;
    private final Announcements announcements;

    private ListenerRecord(SharedNode node, SharedFile file, AnnouncementTable table) {
        this.node = node;
        this.file = file;
        this.announcements = new Announcements(table, node.directory()::isAlive);
    }

    /**
     * Publishes a record. May take milliseconds.
     *
     * @param local what the socket is bound to; may be the wildcard address
     * @throws RdmaException category OUT_OF_RESOURCES if there is no shared memory left
     */
    public static ListenerRecord publish(SharedDirectory directory, InetSocketAddress local) throws RdmaException {
        AddressKey key = AddressKey.of(local);
        String rest = rest(NetworkNamespace.id(), key.port());
        SharedNode node = SharedNode.open(directory, 64);
        ListenerRecord published = null;
        try {
            SharedFile file = node.create(KIND, rest, AnnouncementTable.BYTES);
            AnnouncementTable table = new AnnouncementTable(file.memory());
            table.initialize(key);
            published = new ListenerRecord(node, file, table);
            return published;
        } finally {
            if (published == null) {
                node.close();
            }
        }
    }

    /** The part of the file's name by which clients find it. */
    static String rest(long networkNamespace, int port) {
        return networkNamespace + "." + port;
    }

    /**
     * Whether the client of a connection that was just accepted has announced itself, and so speaks SMC; it is told that we do, too. A
     * few microseconds, some twenty if there is somebody to wait for.
     *
     * @param remote the accepted socket's remote address
     * @throws IllegalStateException if the record is closed
     */
    public Arrival arrived(InetSocketAddress remote) {
        return new Arrival(announcements, AddressKey.of(remote));
    }

    /** Withdraws the record. Idempotent. */
    @Override
    public void close() {
        node.close();
        file.close();
    }
}
