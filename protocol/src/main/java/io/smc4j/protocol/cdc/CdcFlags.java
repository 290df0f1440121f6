package io.smc4j.protocol.cdc;

/** The flag bits of CDC messages and of the SMC-D control area: one byte about the producer, one about the connection. */
public final class CdcFlags {
    /** Producer: the sender has more data than the receiver has room. */
    public static final int WRITE_BLOCKED = 0x80;

    /** Producer: urgent data is on its way, not yet written. */
    public static final int URGENT_PENDING = 0x40;

    /** Producer: the producer cursor points just behind the urgent byte. */
    public static final int URGENT_PRESENT = 0x20;

    /** Producer: the receiver should send its consumer cursor at once. */
    public static final int CURSOR_UPDATE_REQUESTED = 0x10;

    /** Producer: this message validates a link switch; its cursors mean nothing. */
    public static final int FAILOVER_VALIDATION = 0x08;

    /** State: the sender will produce no more data. */
    public static final int DONE_WRITING = 0x80;

    /** State: the sender closed the socket and had consumed everything. */
    public static final int CLOSED = 0x40;

    /** State: the sender ended with unread data, or abnormally. */
    public static final int ABORT = 0x20;

    private CdcFlags() {}

    /** Names of the producer flags set, such as {@code write-blocked,urgent-present}; empty if none is. */
    public static String describeProducer(int flags) {
        StringBuilder names = new StringBuilder();
        name(names, flags, WRITE_BLOCKED, "write-blocked");
        name(names, flags, URGENT_PENDING, "urgent-pending");
        name(names, flags, URGENT_PRESENT, "urgent-present");
        name(names, flags, CURSOR_UPDATE_REQUESTED, "cursor-update-requested");
        name(names, flags, FAILOVER_VALIDATION, "failover-validation");
        return names.toString();
    }

    /** Names of the state flags set, such as {@code done-writing,closed}; empty if none is. */
    public static String describeState(int flags) {
        StringBuilder names = new StringBuilder();
        name(names, flags, DONE_WRITING, "done-writing");
        name(names, flags, CLOSED, "closed");
        name(names, flags, ABORT, "abort");
        return names.toString();
    }

    private static void name(StringBuilder names, int flags, int flag, String name) {
        if ((flags & flag) != 0) {
            names.append(names.isEmpty() ? "" : ",").append(name);
        }
    }
}
