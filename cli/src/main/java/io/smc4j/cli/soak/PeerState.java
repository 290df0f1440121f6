package io.smc4j.cli.soak;

/** What a peer has said about itself. One thread. */
final class PeerState {
    /** Where it listens; 0 until it said so. */
    int port;

    int running;
    long longestStallNanos;
    boolean stopped;
    boolean settled;
    boolean closed;
    boolean ended;

    PeerState() {}

    /** Of the next incarnation. */
    PeerState(PeerState former) {
        longestStallNanos = former.longestStallNanos;
    }

    void status(int nowRunning, long stallNanos) {
        running = nowRunning;
        longestStallNanos = Math.max(longestStallNanos, stallNanos);
    }
}
