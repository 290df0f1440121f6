package io.smc4j.testkit;

import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.IsmEvent;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RemoteDmb;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** An ISM device whose DMBs and attachments are in a ledger. */
final class LedgerIsmDevice implements IsmDevice {
    private final ResourceLedger ledger;
    private final String owner;
    private final IsmDevice device;
    private final ResourceLedger.Closer entry;

    LedgerIsmDevice(ResourceLedger ledger, String owner, IsmDevice device) {
        this.ledger = ledger;
        this.owner = owner;
        this.device = device;
        this.entry = ledger.opened(ResourceLedger.Kind.ISM_DEVICE, String.valueOf(device.gid()), 0, owner);
    }

    @Override
    public IsmGid gid() {
        return device.gid();
    }

    @Override
    public int chid() {
        return device.chid();
    }

    @Override
    public boolean reaches(IsmGid peer) {
        return device.reaches(peer);
    }

    @Override
    public Dmb register(int size, Object cookie) throws RdmaException {
        Dmb dmb = device.register(size, cookie);
        return new Registered(dmb, ledger.opened(ResourceLedger.Kind.DMB, "%#x".formatted(dmb.token()), size, owner));
    }

    @Override
    public RemoteDmb attach(IsmGid peer, long token, int size) throws RdmaException {
        RemoteDmb dmb = device.attach(peer, token, size);
        String name = "%#x of %s".formatted(token, peer);
        return new AttachedTo(dmb, ledger.opened(ResourceLedger.Kind.REMOTE_DMB, name, size, owner));
    }

    @Override
    public int pollSignals(SignalHandler handler) {
        return device.pollSignals(handler);
    }

    @Override
    public @Nullable IsmEvent pollEvent() {
        return device.pollEvent();
    }

    @Override
    public void arm() {
        device.arm();
    }

    @Override
    public void await(long timeoutNanos) {
        device.await(timeoutNanos);
    }

    @Override
    public void wakeUp() {
        device.wakeUp();
    }

    /** A device that refuses, because a DMB of it is open, stays in the ledger. */
    @Override
    public void close() {
        device.close();
        entry.closed();
    }

    private record Registered(Dmb dmb, ResourceLedger.Closer entry) implements Dmb {
        @Override
        public long token() {
            return dmb.token();
        }

        @Override
        public MemorySegment memory() {
            return dmb.memory();
        }

        @Override
        public void requestSignal() {
            dmb.requestSignal();
        }

        @Override
        public int prepareWait() {
            return dmb.prepareWait();
        }

        @Override
        public void noteWaiter(int cpu) {
            dmb.noteWaiter(cpu);
        }

        @Override
        public void awaitSignal(int seen, long timeoutNanos) {
            dmb.awaitSignal(seen, timeoutNanos);
        }

        @Override
        public void wakeWaiters() {
            dmb.wakeWaiters();
        }

        @Override
        public boolean renew(Object cookie, int cleared) {
            return dmb.renew(cookie, cleared);
        }

        @Override
        public boolean isSpent() {
            return dmb.isSpent();
        }

        @Override
        public void close() {
            dmb.close();
            entry.closed();
        }
    }

    private record AttachedTo(RemoteDmb dmb, ResourceLedger.Closer entry) implements RemoteDmb {
        @Override
        public MemorySegment memory() {
            return dmb.memory();
        }

        @Override
        public int waiterCpu() {
            return dmb.waiterCpu();
        }

        @Override
        public void signal() {
            dmb.signal();
        }

        @Override
        public boolean keep() {
            return dmb.keep();
        }

        @Override
        public boolean renew() {
            return dmb.renew();
        }

        @Override
        public boolean isWithdrawn() {
            return dmb.isWithdrawn();
        }

        @Override
        public void close() {
            dmb.close();
            entry.closed();
        }
    }
}
