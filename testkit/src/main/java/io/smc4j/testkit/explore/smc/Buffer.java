package io.smc4j.testkit.explore.smc;

/**
 * A receive buffer of one end, with its place in the pool.
 *
 * @param connection who leases it, 0 if nobody
 * @param content per byte of the ring which byte of which connection lies there: {@code connection * 16 + position + 1}, 8 bits each
 */
record Buffer(State state, int connection, long content) {
    enum State {
        LEASED,
        /** The peer was asked to forget it. */
        WITHDRAWING,
        FREE,
        QUARANTINED,
        /** Its memory is given back. */
        FREED
    }

    static Buffer leasedTo(int connection) {
        return new Buffer(State.LEASED, connection, 0);
    }

    Buffer now(State next) {
        // Zeroed before it can be claimed.
        return new Buffer(
                next, next == State.FREE || next == State.FREED ? 0 : connection, next == State.FREE ? 0 : content);
    }

    int at(int slot) {
        return (int) (content >>> (8 * slot)) & 0xFF;
    }

    Buffer with(int slot, int tag) {
        return new Buffer(state, connection, content & ~(0xFFL << (8 * slot)) | (long) tag << (8 * slot));
    }

    static int tag(int connection, int position) {
        return connection * 16 + position + 1;
    }

    long packed() {
        return state.ordinal() | connection << 4 | content << 8;
    }
}
