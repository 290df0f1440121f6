package io.smc4j.actors.datapath;

import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.RemoteDmb;
import io.smc4j.rdma.shm.CpuAffinity;

/**
 * Where one thread waits for its peer: better not on the peer's own core. There the peer cannot answer while this thread looks, so both
 * learn that looking does not pay, and each message costs two switches between processes. The scheduler brings it about when a third
 * thread is busy for a while (the JIT compiler is enough): it pulls whoever is woken to the core of who wakes it. It does not undo it
 * soon, because two threads that sleep in turn are no load worth balancing. So a thread that looked in vain several times in a row,
 * with its peer on the same core, moves to another one. It keeps its affinity: the scheduler may bring it back, and then it moves
 * again, but the less often the less it has helped.
 *
 * <p>One waiting thread, not a virtual one.
 */
final class WaitingPlace {
    private static final int LEAST_PATIENCE = 8;
    private static final int MOST_PATIENCE = 8192;

    /** So many successful looks since the last move are no accident. */
    private static final int HITS_THAT_PAY = 64;

    private final Dmb own;
    private final RemoteDmb peer;
    private final Spinner spinner;
    private int patience = LEAST_PATIENCE;
    private int hitsBefore;

    WaitingPlace(Dmb own, RemoteDmb peer, Spinner spinner) {
        this.own = own;
        this.peer = peer;
        this.spinner = spinner;
    }

    /** The thread looked in vain and is about to sleep. @return whether it was moved to another core: look again first */
    boolean leave() {
        if (!spinner.looks()) {
            return false;
        }
        int cpu = CpuAffinity.current();
        own.noteWaiter(cpu);
        if (spinner.hits() - hitsBefore >= HITS_THAT_PAY) {
            patience = LEAST_PATIENCE;
        }
        if (spinner.misses() < patience || cpu == CpuAffinity.UNKNOWN || peer.waiterCpu() != cpu) {
            return false;
        }
        patience = Math.min(2 * patience, MOST_PATIENCE);
        hitsBefore = spinner.hits();
        spinner.trust();
        if (!CpuAffinity.leave(cpu)) {
            return false;
        }
        own.noteWaiter(CpuAffinity.current());
        return true;
    }
}
