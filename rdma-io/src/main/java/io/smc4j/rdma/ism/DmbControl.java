package io.smc4j.rdma.ism;

import io.smc4j.rdma.shm.WaitWord;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The page in front of a DMB's bytes.
 *
 * <pre>
 *    0  long  magic and version, stored last
 *    8  int   size of the DMB
 *   12  int   slot on its device's signal board
 *   16  long  node id of the owner
 *   24  long  node id of who attached, 0 before that, -1 if the owner withdrew it first
 *   32  int   lease: see below
 *   64  int   interest: what the owner wants to be told by the next signal
 *  128  int   signals: futex word of the threads that wait on this DMB
 *  192  int   1 + CPU on which a thread of the owner waited last; 0 if none has
 * </pre>
 *
 * <pre>
 *   NEW --attacher claims--> HELD --attacher--> KEPT --owner--> RENEWED --attacher--> HELD
 *   any --attacher detaches--> GONE          any --owner unregisters--> OVER
 * </pre>
 *
 * <p><b>No signal is lost</b>, for the reason given at {@link io.smc4j.rdma.shm.Doorbell}: the reader stores its interest and
 * then looks at the data, the writer stores the data and then looks at the interest, each with a full fence in between. A writer
 * that finds interest takes all of it at once and serves it; a reader that comes later asks anew.
 */
final class DmbControl {
    static final long BYTES = 4096;
    static final int DOORBELL = 1;
    static final int THREAD = 2;

    private static final long MAGIC = 0x534D_4334_4A44_0002L;
    private static final long SIZE = 8;
    private static final long SLOT = 12;
    private static final long OWNER = 16;
    private static final long ATTACHER = 24;
    private static final long LEASE = 32;
    private static final int NEW = 0;
    private static final int HELD = 1;
    private static final int KEPT = 2;
    private static final int RENEWED = 3;
    private static final int GONE = 4;
    private static final int OVER = 5;
    private static final long INTEREST = 64;
    private static final long SIGNALS = 128;
    private static final long WAITER_CPU = 192;
    private static final long NOBODY = 0;
    private static final long WITHDRAWN = -1;
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment memory;
    private final WaitWord signals;

    private DmbControl(MemorySegment memory) {
        this.memory = memory;
        this.signals = new WaitWord(memory.asSlice(SIGNALS, WaitWord.BYTES));
    }

    /** The owner's, in zeroed memory. */
    static DmbControl create(MemorySegment memory, int size, int slot, long ownerNode) {
        INT.set(memory, SIZE, size);
        INT.set(memory, SLOT, slot);
        LONG.set(memory, OWNER, ownerNode);
        LONG.setRelease(memory, 0L, MAGIC);
        return new DmbControl(memory);
    }

    /** The attacher's: nothing in it is known to be true yet. */
    static DmbControl of(MemorySegment memory) {
        return new DmbControl(memory);
    }

    boolean describes(int size, long ownerNode) {
        return (long) LONG.getAcquire(memory, 0L) == MAGIC
                && (int) INT.get(memory, SIZE) == size
                && (long) LONG.get(memory, OWNER) == ownerNode;
    }

    /** As found: check the range. */
    int slot() {
        return (int) INT.getVolatile(memory, SLOT);
    }

    /** True if we are the one that attached: not if somebody was faster, or the owner has withdrawn the DMB. */
    boolean claim(long attacherNode) {
        return LONG.compareAndSet(memory, ATTACHER, NOBODY, attacherNode)
                && INT.compareAndSet(memory, LEASE, NEW, HELD);
    }

    /** The attacher lets go of it: it has written all it will. */
    boolean keep() {
        return INT.compareAndSet(memory, LEASE, HELD, KEPT);
    }

    /** Whether the attacher let go of it, and the owner may use it for another connection. */
    boolean isKept() {
        return lease() == KEPT;
    }

    /** The owner is about to use it again; the attacher may take it up. */
    boolean offerAgain() {
        return INT.compareAndSet(memory, LEASE, KEPT, RENEWED);
    }

    /** The attacher takes it up. */
    boolean takeUp() {
        return INT.compareAndSet(memory, LEASE, RENEWED, HELD);
    }

    /** The attacher will never write again. */
    void leave() {
        for (int lease = lease(); lease != OVER && lease != GONE; lease = lease()) {
            if (INT.compareAndSet(memory, LEASE, lease, GONE)) {
                return;
            }
        }
    }

    /** Whether the attacher uses it, or may be offered it again. */
    boolean isWithAttacher() {
        int lease = lease();
        return lease == HELD || lease == KEPT;
    }

    boolean isOver() {
        return lease() == OVER;
    }

    private int lease() {
        return (int) INT.getVolatile(memory, LEASE);
    }

    /** From now on nobody can attach, or take it up. */
    void withdraw() {
        INT.setVolatile(memory, LEASE, OVER);
        LONG.compareAndSet(memory, ATTACHER, NOBODY, WITHDRAWN);
    }

    /** Node id of who attached, or 0. */
    long attacher() {
        long node = (long) LONG.getVolatile(memory, ATTACHER);
        return node == WITHDRAWN ? NOBODY : node;
    }

    void want(int interest) {
        INT.getAndBitwiseOr(memory, INTEREST, interest);
        VarHandle.fullFence();
    }

    /** Nonzero if the owner wants to be told. Orders the caller's earlier stores before the look. */
    int interest() {
        VarHandle.fullFence();
        return (int) INT.getVolatile(memory, INTEREST);
    }

    /** Takes over the duty to tell the owner. */
    int takeInterest() {
        return (int) INT.getAndSet(memory, INTEREST, 0);
    }

    void noteWaiter(int cpu) {
        INT.setOpaque(memory, WAITER_CPU, cpu + 1);
    }

    /** -1 if it is not known; from a peer any number. */
    int waiterCpu() {
        return (int) INT.getOpaque(memory, WAITER_CPU) - 1;
    }

    WaitWord signals() {
        return signals;
    }
}
