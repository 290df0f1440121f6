package io.smc4j.testkit.explore.smc;

import io.smc4j.testkit.explore.Fingerprint;

/**
 * A message of the handshake on the TCP connection.
 *
 * @param link the link that ACCEPT names
 * @param buffer the sender's buffer
 * @param token the sender's alert token
 */
record Tcp(Kind kind, int link, int buffer, int token) {
    enum Kind {
        ACCEPT_FIRST,
        ACCEPT,
        CONFIRM,
        DECLINE,
        /** The peer means a group that this end does not have. */
        DECLINE_OUT_OF_SYNC,
        RESET
    }

    static final Tcp[] NONE = {};

    static Tcp of(Kind kind) {
        return new Tcp(kind, 0, 0, 0);
    }

    void fingerprint(Fingerprint f) {
        f.add(kind.ordinal() | link << 4 | buffer << 10 | token << 16);
    }

    @Override
    public String toString() {
        return link > 0 ? kind + " on link " + link : kind.toString();
    }
}
