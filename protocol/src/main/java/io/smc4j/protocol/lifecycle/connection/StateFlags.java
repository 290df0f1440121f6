package io.smc4j.protocol.lifecycle.connection;

/** The connection state flags of a CDC message (byte 25). They are sticky: once sent, they are in every later CDC message. */
public final class StateFlags {
    /** D: the sender shut down writing, no more data will come. */
    public static final int DONE_WRITING = 0x80;
    /** C: the sender's application closed and had read everything it received. */
    public static final int CLOSED = 0x40;
    /** A: the sender's application closed with unread data, or the connection ended abnormally. */
    public static final int ABORT = 0x20;

    static final int ANY_CLOSE = CLOSED | ABORT;
    static final int ALL = DONE_WRITING | CLOSED | ABORT;

    private StateFlags() {}
}
