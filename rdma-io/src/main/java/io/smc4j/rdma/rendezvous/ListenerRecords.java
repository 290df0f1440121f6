package io.smc4j.rdma.rendezvous;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.shm.SharedNode;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@link ListenerLookup} for a client that connects to the same listeners again and again: a record once found stays mapped, since to
 * map and unmap it takes longer than to announce a connection there.
 *
 * <p>What was found is believed as long as no file in the directory came or went, so that another look would find the same, and its
 * listener lives, which is looked at every few milliseconds. That nothing was found is never remembered. Thread-safe.
 */
public final class ListenerRecords implements AutoCloseable {
    private static final int MOST = 64;

    private final SharedNode self;
    private final LongSupplier clock;
    private final Map<InetSocketAddress, Found> found = new HashMap<>();
    private boolean closed;

    private record Found(MappedRecord record, long mark) {}

    /**
     * @param self the client's node, open for as long as it has announcements: its death makes them void
     * @param clock monotonic nanoseconds
     */
    public ListenerRecords(SharedNode self, LongSupplier clock) {
        this.self = self;
        this.clock = clock;
    }

    /**
     * The record found last, if it is still what {@link #find} would find. Takes some microseconds: it maps nothing, and waits for
     * nobody who does.
     */
    public Optional<Announcer> known(InetSocketAddress target) {
        long mark = self.directory().changeMark();
        Announcer known = hold(target, mark);
        if (known != null && !known.isListenerAlive(clock.getAsLong())) {
            known.close(); // not the last hold: find lets go of that
            return Optional.empty();
        }
        return Optional.ofNullable(known);
    }

    private synchronized @Nullable Announcer hold(InetSocketAddress target, long mark) {
        Found known = found.get(target);
        return known == null || known.mark() != mark ? null : known.record().announcer(self);
    }

    /** As {@link ListenerLookup#find}. */
    public Optional<Announcer> find(InetSocketAddress target) throws RdmaException {
        long mark = self.directory().changeMark(); // before looking: what changes meanwhile is looked at again
        MappedRecord record = ListenerLookup.record(self.directory(), target);
        if (record == null) {
            release(forget(target));
            return Optional.empty();
        }
        Announcer announcer = record.announcer(self);
        remember(target, new Found(record, mark)).forEach(ListenerRecords::release);
        return Optional.of(announcer);
    }

    /** @return what is not remembered any more, to be released by the caller: not under the lock */
    private synchronized List<Found> remember(InetSocketAddress target, Found now) {
        if (closed) {
            return List.of(now);
        }
        List<Found> over = new ArrayList<>();
        if (found.size() >= MOST && !found.containsKey(target)) {
            over.add(found.remove(found.keySet().iterator().next()));
        }
        Found before = found.put(target, now);
        if (before != null) {
            over.add(before);
        }
        return over;
    }

    private synchronized @Nullable Found forget(InetSocketAddress target) {
        return found.remove(target);
    }

    private static void release(@Nullable Found over) {
        if (over != null) {
            over.record().release();
        }
    }

    /** Lets go of all records; those with announcements that are out stay mapped until these are over. Idempotent. */
    @Override
    public void close() {
        List<Found> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(found.values());
            found.clear();
        }
        all.forEach(ListenerRecords::release);
    }
}
