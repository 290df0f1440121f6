package io.smc4j.rdma.ibverbs;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Two descriptors that one thread waits for: where things happen, and an eventfd by which others wake it. */
final class PollSet {
    private static final short POLLIN = 1;
    private static final long FD = 0;
    private static final long EVENTS = 4;
    private static final long ENTRY = 8;

    private final Verbs verbs;
    private final MemorySegment descriptors;
    private final int wakeFd;

    PollSet(Verbs verbs, Arena arena, int fd, int wakeFd) {
        this.verbs = verbs;
        this.wakeFd = wakeFd;
        descriptors = arena.allocate(2 * ENTRY, 8);
        set(0, fd);
        set(1, wakeFd);
    }

    private void set(int i, int fd) {
        descriptors.set(JAVA_INT, i * ENTRY + FD, fd);
        descriptors.set(JAVA_SHORT, i * ENTRY + EVENTS, POLLIN);
    }

    /** Waits until one of them is readable, or the time is over (-1: never); then a wake-up counts as taken. */
    void await(int timeoutMillis) {
        if (verbs.poll(descriptors, 2, timeoutMillis) > 0) {
            verbs.drain(wakeFd);
        }
    }
}
