package io.smc4j.cli.dissect.summary;

import io.smc4j.protocol.Gid;
import java.util.Set;
import java.util.TreeSet;

/**
 * A link of a group: a pair of queue pairs. Where the capture does not tell who the client is ({@link GroupRecord#rolesKnown()}),
 * one end is called so.
 */
public final class LinkRecord {
    private static final String NOT_CONFIRMED = "not confirmed in this capture";
    private static final String BEING_ADDED = "being added";
    private static final String UNANSWERED = "CONFIRM LINK not answered";

    private final GroupRecord group;
    private final Gid serverGid;
    private final int serverQueuePair;
    private final Gid clientGid;
    private final int clientQueuePair;
    int number;
    String state = NOT_CONFIRMED;
    private final Traffic traffic = new Traffic();

    LinkRecord(GroupRecord group, Gid serverGid, int serverQueuePair, Gid clientGid, int clientQueuePair) {
        this.group = group;
        this.serverGid = serverGid;
        this.serverQueuePair = serverQueuePair;
        this.clientGid = clientGid;
        this.clientQueuePair = clientQueuePair;
    }

    GroupRecord group() {
        return group;
    }

    void adding() {
        state = BEING_ADDED;
    }

    /** CONFIRM LINK, or the answer to it; a request that is sent again says nothing new. */
    void confirming(boolean answer) {
        if (answer) {
            state = "active";
        } else if (inTheMaking()) {
            state = UNANSWERED;
        }
    }

    /** Whether it is not, or not yet, in use. */
    boolean inTheMaking() {
        return state.equals(NOT_CONFIRMED) || state.equals(BEING_ADDED) || state.equals(UNANSWERED);
    }

    /** Number of the link, 0 if the capture does not tell. */
    public int number() {
        return number;
    }

    public Gid serverGid() {
        return serverGid;
    }

    /** -1 if no packet to it is in the capture. */
    public int serverQueuePair() {
        return serverQueuePair;
    }

    public Gid clientGid() {
        return clientGid;
    }

    /** -1 if no packet to it is in the capture. */
    public int clientQueuePair() {
        return clientQueuePair;
    }

    /** What became of it, in words. */
    public String state() {
        return state;
    }

    /** What went over it, both ways. */
    public Traffic traffic() {
        return traffic;
    }

    /** What went over a link. */
    public static final class Traffic {
        final Set<Integer> otherLinks = new TreeSet<>();
        long messages;
        long writes;
        long writtenBytes;
        boolean fromServer;

        void add(Traffic other) {
            otherLinks.addAll(other.otherLinks);
            messages += other.messages;
            writes += other.writes;
            writtenBytes += other.writtenBytes;
        }

        /** LLC and CDC messages, each counted once. */
        public long messages() {
            return messages;
        }

        /** RDMA writes. */
        public long writes() {
            return writes;
        }

        /** Bytes of the RDMA writes. */
        public long writtenBytes() {
            return writtenBytes;
        }
    }
}
