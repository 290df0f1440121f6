package io.smc4j.rdma.shm;

/**
 * Where the calling thread runs. For threads that talk through memory and wait for each other: two of them on one core wait for the
 * scheduler in fact, and some schedulers keep them there, because whoever wakes a thread pulls it to its own core.
 *
 * <p>Platform threads only: a virtual thread would say where its carrier is, and move that. Thread-safe.
 */
public final class CpuAffinity {
    /** It is not known where a thread runs. */
    public static final int UNKNOWN = -1;

    private CpuAffinity() {}

    /** Number of the CPU on which the calling thread runs at this moment, or {@link #UNKNOWN}. Costs some nanoseconds, allocates nothing. */
    public static int current() {
        return Math.max(UNKNOWN, Libc.currentCpu());
    }

    /**
     * Moves the calling thread to another CPU, if it may use one. Which CPUs it may use is the same afterwards: the scheduler is free
     * to move it back. Two system calls and a migration, some microseconds.
     *
     * @return whether it was moved; not if this CPU is the only one it may use, or the system forbids it
     */
    public static boolean leave(int cpu) {
        return cpu >= 0 && Libc.leaveCpu(cpu);
    }
}
