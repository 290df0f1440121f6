package io.smc4j.testkit;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.PortControl;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An RDMA device whose resources are in a ledger. */
class LedgerRdmaDevice implements RdmaDevice {
    private final ResourceLedger ledger;
    private final String owner;
    private final RdmaDevice device;
    private final ResourceLedger.Closer entry;

    LedgerRdmaDevice(ResourceLedger ledger, String owner, RdmaDevice device) {
        this.ledger = ledger;
        this.owner = owner;
        this.device = device;
        this.entry = ledger.opened(ResourceLedger.Kind.RDMA_DEVICE, device.name(), 0, owner);
    }

    /** For devices whose ports the program can take down. */
    static final class WithPortControl extends LedgerRdmaDevice implements PortControl {
        private final PortControl control;

        WithPortControl(ResourceLedger ledger, String owner, RdmaDevice device, PortControl control) {
            super(ledger, owner, device);
            this.control = control;
        }

        @Override
        public void setPortState(int port, PortState state) {
            control.setPortState(port, state);
        }
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public List<PortInfo> ports() {
        return device.ports();
    }

    @Override
    public PortInfo port(int number) {
        return device.port(number);
    }

    @Override
    public int maxInlineBytes() {
        return device.maxInlineBytes();
    }

    @Override
    public ProtectionDomain allocateProtectionDomain() throws RdmaException {
        return new LedgerProtectionDomain(ledger, owner, device.name(), device.allocateProtectionDomain());
    }

    @Override
    public CompletionQueue createCompletionQueue(int capacity) throws RdmaException {
        return new LedgerCompletionQueue(ledger, owner, device.name(), device.createCompletionQueue(capacity));
    }

    @Override
    public @Nullable AsyncEvent pollAsyncEvent() {
        return device.pollAsyncEvent();
    }

    /** A device that refuses, because something of it is open, stays in the ledger. */
    @Override
    public void close() {
        device.close();
        entry.closed();
    }
}
