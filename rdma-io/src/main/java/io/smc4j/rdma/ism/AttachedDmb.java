package io.smc4j.rdma.ism;

import io.smc4j.rdma.RemoteDmb;
import io.smc4j.rdma.shm.SharedFile;
import java.lang.foreign.MemorySegment;

/** A peer's DMB, mapped here for writing. */
final class AttachedDmb implements RemoteDmb {
    private final SharedMemoryIsmDevice device;
    private final long ownerNode;
    private final SharedFile file;
    private final DmbControl control;
    private final MemorySegment memory;
    private final SignalBoard board;
    private final int slot;
    private boolean closed;

    /** @param slot checked to be one that a board has */
    AttachedDmb(
            SharedMemoryIsmDevice device,
            long ownerNode,
            SharedFile file,
            DmbControl control,
            SignalBoard board,
            int slot) {
        this.device = device;
        this.ownerNode = ownerNode;
        this.file = file;
        this.control = control;
        this.memory = file.memory().asSlice(DmbControl.BYTES);
        this.board = board;
        this.slot = slot;
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public void signal() {
        if (control.interest() != 0) {
            tell(control.takeInterest());
        }
    }

    @Override
    public int waiterCpu() {
        return control.waiterCpu();
    }

    private void tell(int interest) {
        if ((interest & DmbControl.THREAD) != 0) {
            control.signals().signal(Integer.MAX_VALUE);
        }
        if ((interest & DmbControl.DOORBELL) != 0) {
            board.mark(SignalBoard.Kind.SIGNALLED, slot);
        }
    }

    @Override
    public synchronized boolean keep() {
        return !closed && control.keep();
    }

    @Override
    public synchronized boolean renew() {
        return !closed && control.takeUp();
    }

    @Override
    public synchronized boolean isWithdrawn() {
        return closed || control.isOver();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        control.leave();
        file.close();
        closed = true;
        device.detached(ownerNode);
    }
}
