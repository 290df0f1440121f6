package io.smc4j.rdma.rendezvous;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.shm.SharedNode;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link ListenerLookup} for a client that connects to the same listeners again and again: a record once found stays mapped, since to
 * map and unmap it takes longer than to announce a connection there.
 *
 * <p>What was found is believed as long as no file in the directory came or went, so that another look would find the same, and its
 * listener lives. That nothing was found is never remembered. Thread-safe.
 */
public final class ListenerRecords implements AutoCloseable {
    private static final int MOST = 64;

    private final SharedNode self;
    private final Map<InetSocketAddress, Found> found = new HashMap<>();

    private record Found(MappedRecord record, long mark) {}

    /** @param self the client's node, open for as long as it has announcements: its death makes them void */
    public ListenerRecords(SharedNode self) {
        this.self = self;
    }

    /** The record found last, if it is still what {@link #find} would find. Takes some microseconds, never sleeps. */
    public synchronized Optional<Announcer> known(InetSocketAddress target) {
        Found known = found.get(target);
        if (known == null) {
            return Optional.empty();
        }
        if (known.mark() != self.directory().changeMark() || !known.record().isOpen(self.directory())) {
            forget(target);
            return Optional.empty();
        }
        return Optional.of(known.record().announcer(self));
    }

    /** As {@link ListenerLookup#find}. */
    public Optional<Announcer> find(InetSocketAddress target) throws RdmaException {
        long mark = self.directory().changeMark(); // before looking: what changes meanwhile is looked at again
        MappedRecord record = ListenerLookup.record(self.directory(), target);
        return record == null ? Optional.empty() : Optional.of(remember(target, record, mark));
    }

    private synchronized Announcer remember(InetSocketAddress target, MappedRecord record, long mark) {
        forget(target);
        if (found.size() >= MOST) {
            forget(found.keySet().iterator().next());
        }
        found.put(target, new Found(record, mark));
        return record.announcer(self);
    }

    private void forget(InetSocketAddress target) {
        @Nullable Found known = found.remove(target);
        if (known != null) {
            known.record().release();
        }
    }

    /** Lets go of all records; those with announcements that are out stay mapped until these are over. */
    @Override
    public synchronized void close() {
        found.values().forEach(each -> each.record().release());
        found.clear();
    }
}
