package io.smc4j.rdma.ism;

import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.shm.SharedFile;
import java.lang.foreign.MemorySegment;

/** A DMB of ours, in a file that a peer may map. */
final class LocalDmb implements Dmb {
    private final SharedMemoryIsmDevice device;
    private final SharedFile file;
    private final DmbControl control;
    private final MemorySegment memory;
    private final long token;
    private final int slot;
    private volatile Object cookie;
    private long attacher;
    private boolean closed;

    LocalDmb(SharedMemoryIsmDevice device, SharedFile file, DmbControl control, long token, int slot, Object cookie) {
        this.device = device;
        this.file = file;
        this.control = control;
        this.memory = file.memory().asSlice(DmbControl.BYTES);
        this.token = token;
        this.slot = slot;
        this.cookie = cookie;
    }

    Object cookie() {
        return cookie;
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public void requestSignal() {
        control.want(DmbControl.DOORBELL);
    }

    @Override
    public int prepareWait() {
        // noted before the interest: whoever takes the interest changes the word after we noted it
        int seen = control.signals().value();
        control.want(DmbControl.THREAD);
        return seen;
    }

    @Override
    public void awaitSignal(int seen, long timeoutNanos) {
        control.signals().await(seen, timeoutNanos);
    }

    @Override
    public void noteWaiter(int cpu) {
        control.noteWaiter(cpu);
    }

    @Override
    public synchronized void wakeWaiters() {
        if (!closed) {
            control.signals().signalOwn(); // nobody else waits for what is written here
        }
    }

    @Override
    public synchronized boolean renew(Object newCookie, int cleared) {
        if (closed || !control.isKept()) {
            return false;
        }
        memory.asSlice(0, cleared).fill((byte) 0);
        cookie = newCookie;
        return control.offerAgain();
    }

    @Override
    public synchronized boolean isSpent() {
        return closed || !control.isWithAttacher();
    }

    /** A peer says that it attached: from now on its death concerns us. */
    synchronized void noteAttacher() {
        if (closed || attacher != 0) {
            return;
        }
        long node = control.attacher();
        if (node != 0 && device.isPeer(node)) {
            attacher = node;
            device.peers().watch(node);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        control.withdraw();
        file.unlink();
        control.signals().close();
        file.close();
        closed = true;
        device.unregistered(slot);
        if (attacher != 0) {
            device.peers().release(attacher);
        }
    }
}
