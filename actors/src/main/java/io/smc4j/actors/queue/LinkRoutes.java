package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.SmcrEndpoint;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The alert tokens of one link group: where CDC messages arriving on any of its links go. Written by owners at attach and
 * detach, read for every CDC message without locks. Shared by all links of the group; thread-safe.
 */
public final class LinkRoutes {
    /** Open addressing, at most half full; replaced as a whole. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed once published
    private record Table(int[] tokens, @Nullable SmcrEndpoint[] endpoints, int size) {}

    private volatile Table table = new Table(new int[16], new SmcrEndpoint[16], 0);
    private final IdentityHashMap<OwnerLoop, Integer> links = new IdentityHashMap<>();
    private volatile List<OwnerLoop> owners = List.of();
    private volatile List<OwnerLoop> everOwners = List.of();

    /** Endpoints attached. */
    public int size() {
        return table.size();
    }

    @Nullable
    SmcrEndpoint find(int token) {
        Table t = table;
        int mask = t.tokens().length - 1;
        for (int i = slot(token) & mask; ; i = (i + 1) & mask) {
            SmcrEndpoint endpoint = t.endpoints()[i];
            if (endpoint == null || t.tokens()[i] == token) {
                return endpoint;
            }
        }
    }

    /** Adds an endpoint. @return false if the token is taken by another endpoint */
    synchronized boolean add(SmcrEndpoint endpoint) {
        SmcrEndpoint present = find(endpoint.alertToken());
        if (present != null) {
            return present == endpoint;
        }
        table = copy(table, null, endpoint);
        return true;
    }

    synchronized void remove(SmcrEndpoint endpoint) {
        if (find(endpoint.alertToken()) == endpoint) {
            table = copy(table, endpoint, null);
        }
    }

    /** The owners that serve links of the group now; a snapshot. */
    List<OwnerLoop> owners() {
        return owners;
    }

    /**
     * The owners that serve links of the group, and those that did: what one of these passed on before its last link went may still be on
     * its way to another. A snapshot.
     */
    List<OwnerLoop> everOwners() {
        return everOwners;
    }

    /** A link of the group was attached to an owner. */
    synchronized void linkAttached(OwnerLoop owner) {
        if (!everOwners.contains(owner)) {
            everOwners = Stream.concat(everOwners.stream(), Stream.of(owner)).toList();
        }
        links.merge(owner, 1, Integer::sum);
        owners = List.copyOf(links.keySet());
    }

    /** A link of the group was detached from an owner. */
    synchronized void linkDetached(OwnerLoop owner) {
        links.computeIfPresent(owner, (key, count) -> count == 1 ? null : count - 1);
        owners = List.copyOf(links.keySet());
    }

    private static Table copy(Table from, @Nullable SmcrEndpoint without, @Nullable SmcrEndpoint with) {
        int size = from.size() + (with != null ? 1 : 0) - (without != null ? 1 : 0);
        int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, size)) * 4);
        Table to = new Table(new int[capacity], new SmcrEndpoint[capacity], size);
        for (SmcrEndpoint endpoint : from.endpoints()) {
            if (endpoint != null && endpoint != without) {
                insert(to, endpoint);
            }
        }
        if (with != null) {
            insert(to, with);
        }
        return to;
    }

    private static void insert(Table table, SmcrEndpoint endpoint) {
        int mask = table.tokens().length - 1;
        int i = slot(endpoint.alertToken()) & mask;
        while (table.endpoints()[i] != null) {
            i = (i + 1) & mask;
        }
        table.tokens()[i] = endpoint.alertToken();
        table.endpoints()[i] = endpoint;
    }

    private static int slot(int token) {
        int mixed = token * 0x9E3779B9;
        return mixed ^ mixed >>> 16;
    }
}
