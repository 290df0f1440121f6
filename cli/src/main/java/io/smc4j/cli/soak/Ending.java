package io.smc4j.cli.soak;

/** How a connection is to end if nothing disturbs it. */
enum Ending {
    /** Each end shuts its output down, reads to the end and closes. */
    BOTH_SHUT_DOWN(60),
    /** The initiator writes and closes at once; the acceptor reads to the end. */
    INITIATOR_CLOSES(10),
    /** The acceptor writes and closes at once; the initiator reads to the end. */
    ACCEPTOR_CLOSES(10),
    /** The initiator aborts while both write. */
    INITIATOR_ABORTS(7),
    /** The acceptor aborts while both write. */
    ACCEPTOR_ABORTS(7),
    /** The initiator closes in the middle of what the acceptor sends. */
    CLOSED_UNREAD(6);

    private final int weight;

    Ending(int weight) {
        this.weight = weight;
    }

    /** Whether an end may find the connection aborted though nothing went wrong. */
    boolean aborts() {
        return this == INITIATOR_ABORTS || this == ACCEPTOR_ABORTS || this == CLOSED_UNREAD;
    }

    /** @param percent 0..99 */
    static Ending of(int percent) {
        int left = percent;
        for (Ending ending : values()) {
            left -= ending.weight;
            if (left < 0) {
                return ending;
            }
        }
        return BOTH_SHUT_DOWN;
    }
}
