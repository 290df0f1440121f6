package io.smc4j.cli.dissect.summary;

import io.smc4j.protocol.Gid;

/** A link of a group: a pair of queue pairs. */
public final class LinkRecord {
    private final GroupRecord group;
    private final Gid serverGid;
    private final int serverQueuePair;
    private final Gid clientGid;
    private final int clientQueuePair;
    int number;
    String state = "not confirmed in this capture";
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

    /** Number of the link, 0 if the capture does not tell. */
    public int number() {
        return number;
    }

    public Gid serverGid() {
        return serverGid;
    }

    public int serverQueuePair() {
        return serverQueuePair;
    }

    public Gid clientGid() {
        return clientGid;
    }

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
        long messages;
        long writes;
        long writtenBytes;

        void add(Traffic other) {
            messages += other.messages;
            writes += other.writes;
            writtenBytes += other.writtenBytes;
        }

        /** LLC and CDC messages. */
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
