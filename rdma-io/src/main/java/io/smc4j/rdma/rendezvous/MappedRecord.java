package io.smc4j.rdma.rendezvous;

import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedFile;
import io.smc4j.rdma.shm.SharedNode;

/** A listener's record, mapped by a client, for as long as somebody holds it: born with one hold. Thread-safe. */
final class MappedRecord {
    /** So long a listener that lived is taken for alive. If it died it claims nothing, and the connection is plain TCP as it should be. */
    private static final long BELIEVED_NANOS = 10_000_000;

    private final long listener;
    private final SharedFile file;
    private final AnnouncementTable table;
    private int holds = 1;
    private volatile long livedAt;
    private volatile boolean lived;

    /** @param listener id of the listener's node */
    MappedRecord(long listener, SharedFile file, AnnouncementTable table) {
        this.listener = listener;
        this.file = file;
        this.table = table;
    }

    AnnouncementTable table() {
        return table;
    }

    boolean isWildcard() {
        return table.local().isWildcard();
    }

    /** Whether the listener still is there. One that says itself that it is not is believed at once. */
    boolean isOpen(SharedDirectory directory, long nowNanos) {
        if (!table.isPublished()) {
            return false;
        }
        if (lived && nowNanos - livedAt < BELIEVED_NANOS) {
            return true;
        }
        boolean lives = directory.isAlive(listener);
        livedAt = nowNanos;
        lived = lives;
        return lives;
    }

    /** An announcer that holds the record until it is closed. */
    synchronized Announcer announcer(SharedNode self) {
        holds++;
        return new Announcer(self, this);
    }

    /** Gives a hold back; the last one unmaps the record. */
    synchronized void release() {
        if (--holds == 0) {
            file.close();
        }
    }
}
