package io.smc4j.rdma.rendezvous;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedFile;
import io.smc4j.rdma.shm.SharedNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the record of a listener on this host. Thread-safe. */
public final class ListenerLookup {
    private static final int ID_DIGITS = 16;

    private ListenerLookup() {}

    /**
     * Finds the record of the listener that would accept a connection to {@code target}: one bound to that very address, else one
     * bound to the wildcard address. Takes some ten microseconds: it lists the directory.
     *
     * @param self a node of the client, open for as long as it has announcements: its death makes them void
     * @param target where the client is going to connect to
     * @return empty unless the target is an address of this host with a live record, that is, unless it is worth announcing
     * @throws RdmaException if this process cannot tell its network namespace
     */
    public static Optional<Announcer> find(SharedNode self, InetSocketAddress target) throws RdmaException {
        MappedRecord record = record(self.directory(), target);
        if (record == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(record.announcer(self));
        } finally {
            record.release();
        }
    }

    static @Nullable MappedRecord record(SharedDirectory directory, InetSocketAddress target) throws RdmaException {
        InetAddress ip = target.getAddress();
        if (ip == null || ip.isAnyLocalAddress()) {
            return null;
        }
        AddressKey key = AddressKey.of(target);
        String suffix = "." + ListenerRecord.KIND + "." + ListenerRecord.rest(NetworkNamespace.id(), key.port());
        MappedRecord best = null;
        for (String name : directory.list()) {
            if (name.length() == ID_DIGITS + suffix.length() && name.endsWith(suffix)) {
                best = better(best, open(directory, name, key));
            }
        }
        if (best != null && !isOfThisHost(ip)) {
            best.release();
            best = null;
        }
        return best;
    }

    /** The one with a specific address; the other is let go. */
    private static @Nullable MappedRecord better(@Nullable MappedRecord one, @Nullable MappedRecord other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        MappedRecord loser = one.isWildcard() ? one : other;
        loser.release();
        return loser == one ? other : one;
    }

    private static @Nullable MappedRecord open(SharedDirectory directory, String name, AddressKey target) {
        long listener;
        SharedFile file;
        try {
            listener = HexFormat.fromHexDigitsToLong(name, 0, ID_DIGITS);
            if (!directory.isAlive(listener)) {
                return null;
            }
            file = SharedFile.open(directory, name, AnnouncementTable.BYTES);
        } catch (RdmaException | IllegalArgumentException e) {
            // withdrawn since we listed the directory, or nothing of ours: as good as no record
            return null;
        }
        AnnouncementTable table = new AnnouncementTable(file.memory());
        if (table.isPublished() && table.local().accepts(target)) {
            return new MappedRecord(listener, file, table);
        }
        file.close();
        return null;
    }

    private static boolean isOfThisHost(InetAddress ip) {
        try {
            return ip.isLoopbackAddress() || NetworkInterface.getByInetAddress(ip) != null;
        } catch (SocketException e) {
            return false;
        }
    }
}
