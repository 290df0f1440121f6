package io.smc4j.testkit.explore.smc;

import io.smc4j.testkit.explore.Fingerprint;

/**
 * A message on a link: posted by one end, not yet both taken by the other and completed here. A CDC message stands for the RDMA write
 * before it, too.
 *
 * @param argument LLC: the link, connection or buffer it is about; CDC: the connection
 * @param port LLC: the sender's port of that link
 * @param token CDC: the alert token it is addressed to
 * @param sequence CDC: its number; validation: the last number known to have arrived
 * @param from CDC: first byte of the write before it
 * @param to CDC: producer cursor, the end of that write
 * @param consumed CDC: consumer cursor
 * @param flags CDC: state flags
 * @param blocked CDC: whether the writer waits for space
 * @param buffer CDC: the peer's buffer that is written to
 * @param arrived whether the receiving device has it: it will be seen, and its write is done
 * @param taken whether the receiver has polled it, or it is lost
 * @param done whether its completion was polled by the sender
 */
record Msg(
        Kind kind,
        int argument,
        int port,
        int token,
        int sequence,
        int from,
        int to,
        int consumed,
        int flags,
        boolean blocked,
        int buffer,
        boolean arrived,
        boolean taken,
        boolean done) {
    enum Kind {
        CONFIRM_LINK,
        CONFIRM_LINK_ANSWER,
        ADD_LINK,
        ADD_LINK_ANSWER,
        ADD_LINK_REJECT,
        ADD_LINK_CONTINUE,
        REQUEST_ADD_LINK,
        DELETE_LINK,
        DELETE_LINK_ANSWER,
        DELETE_ALL,
        CONFIRM_RKEY,
        CONFIRM_RKEY_ANSWER,
        DELETE_RKEY,
        DELETE_RKEY_ANSWER,
        CDC,
        VALIDATION
    }

    static final Msg[] NONE = {};

    static Msg llc(Kind kind, int argument, int port) {
        return new Msg(kind, argument, port, 0, 0, 0, 0, 0, 0, false, 0, false, false, false);
    }

    boolean isLlc() {
        return kind.compareTo(Kind.CDC) < 0;
    }

    Msg at(boolean nowArrived, boolean nowTaken, boolean nowDone) {
        return new Msg(
                kind,
                argument,
                port,
                token,
                sequence,
                from,
                to,
                consumed,
                flags,
                blocked,
                buffer,
                nowArrived,
                nowTaken,
                nowDone);
    }

    void fingerprint(Fingerprint f) {
        f.add(kind.ordinal()
                | (arrived ? 32 : 0)
                | (taken ? 64 : 0)
                | (done ? 128 : 0)
                | (blocked ? 256 : 0)
                | (long) argument << 9
                | (long) port << 17
                | (long) token << 21
                | (long) sequence << 27
                | (long) from << 34
                | (long) to << 40
                | (long) consumed << 46
                | (long) flags << 52
                | (long) buffer << 60);
    }

    @Override
    public String toString() {
        if (isLlc()) {
            return kind + "(" + argument + ")";
        }
        if (kind == Kind.VALIDATION) {
            return "CDC of connection " + argument + " with failover validation of number " + sequence;
        }
        String data = from < to ? " after a write of bytes " + from + ".." + (to - 1) : "";
        return "CDC %d of connection %d (produced %d, consumed %d%s)%s"
                .formatted(sequence, argument, to, consumed, flagNames(flags), data);
    }

    static String flagNames(int flags) {
        return ((flags & 0x80) != 0 ? ", done writing" : "")
                + ((flags & 0x40) != 0 ? ", closed" : "")
                + ((flags & 0x20) != 0 ? ", abort" : "");
    }
}
