package io.smc4j.actors.group;

import io.smc4j.actors.datapath.PeerRmbe;
import io.smc4j.actors.queue.OwnedLink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The peer's RMBs: for each its key and address on every link of the group. Belongs to the group, not to connections: a key may
 * be announced before its connection exists and outlive it. Confined to the group's turn.
 */
final class RtokenTable {
    /** Most RMBs of a peer, as in Linux. */
    static final int CAPACITY = 255;

    /** Withdrawn keys remembered: more handshakes than that are not under way at a time. */
    private static final int REMEMBERED = 2 * CAPACITY;

    private static final class Entry {
        final Map<Integer, PeerRmbe.Rtoken> byLink = new HashMap<>();
        final List<PeerRmbe> users = new ArrayList<>();
    }

    private final List<Entry> entries = new ArrayList<>();
    /** Keys of RMBs that the peer withdrew, oldest first. */
    private final Set<Long> withdrawn = new LinkedHashSet<>();

    private final IntFunction<@Nullable OwnedLink> links;

    /** @param links the queue pair of a link number, if there is one now */
    RtokenTable(IntFunction<@Nullable OwnedLink> links) {
        this.links = links;
    }

    /** Learns a key; the same key again is the same RMB. @return false if the table is full */
    boolean add(int link, int rkey, long address, Map<Integer, PeerRmbe.Rtoken> onOtherLinks) {
        Entry entry = find(link, rkey);
        if (entry == null) {
            if (entries.size() >= CAPACITY) {
                return false;
            }
            entry = new Entry();
            entries.add(entry);
        }
        entry.byLink.put(link, new PeerRmbe.Rtoken(rkey, address));
        entry.byLink.putAll(onOtherLinks);
        entry.byLink.forEach((number, token) -> withdrawn.remove(key(number, token.rkey())));
        publish(entry);
        return true;
    }

    /** Learns what a known RMB is called on a new link. Unknown keys are ignored, as in Linux. */
    void addOnNewLink(int carrying, int rkeyOnCarrying, int newLink, int rkey, long address) {
        Entry entry = find(carrying, rkeyOnCarrying);
        if (entry != null) {
            entry.byLink.put(newLink, new PeerRmbe.Rtoken(rkey, address));
            publish(entry);
        }
    }

    /** Connects a connection's view of the peer's RMB with the table: it learns keys on links to come. */
    void use(PeerRmbe user, int link, int rkey) {
        Entry entry = find(link, rkey);
        if (entry != null) {
            entry.users.add(user);
            publish(entry);
        }
    }

    /** Whether the peer has withdrawn the key and not announced it again: a handshake that still names it has no other end. */
    boolean isWithdrawn(int link, int rkey) {
        return withdrawn.contains(key(link, rkey));
    }

    /** The connections' views of the RMB with that key. */
    List<PeerRmbe> users(int link, int rkey) {
        Entry entry = find(link, rkey);
        return entry == null ? List.of() : List.copyOf(entry.users);
    }

    /** @return false if there was no such key */
    boolean remove(int link, int rkey) {
        Entry entry = find(link, rkey);
        if (entry == null) {
            return false;
        }
        entries.remove(entry);
        entry.byLink.forEach((number, token) -> withdrawn.add(key(number, token.rkey())));
        while (withdrawn.size() > REMEMBERED) {
            withdrawn.remove(withdrawn.iterator().next());
        }
        return true;
    }

    private static long key(int link, int rkey) {
        return (long) link << Integer.SIZE | Integer.toUnsignedLong(rkey);
    }

    void release(PeerRmbe user) {
        entries.forEach(entry -> entry.users.remove(user));
    }

    /** A link has its queue pair now: who uses the keys on it must know. */
    void linkPrepared() {
        entries.forEach(this::publish);
    }

    /** A link is gone, and its number may come again with other keys. */
    void linkGone(int number, @Nullable OwnedLink link) {
        for (Entry entry : entries) {
            entry.byLink.remove(number);
            if (link != null) {
                entry.users.forEach(user -> user.removeRtoken(link));
            }
        }
        entries.removeIf(entry -> entry.byLink.isEmpty());
    }

    int size() {
        return entries.size();
    }

    private @Nullable Entry find(int link, int rkey) {
        for (Entry entry : entries) {
            PeerRmbe.Rtoken token = entry.byLink.get(link);
            if (token != null && token.rkey() == rkey) {
                return entry;
            }
        }
        return null;
    }

    private void publish(Entry entry) {
        entry.byLink.forEach((number, token) -> {
            OwnedLink link = links.apply(number);
            if (link != null) {
                entry.users.forEach(user -> user.setRtoken(link, token.rkey(), token.address()));
            }
        });
    }
}
