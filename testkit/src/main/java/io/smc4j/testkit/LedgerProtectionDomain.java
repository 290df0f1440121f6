package io.smc4j.testkit;

import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.RdmaException;
import java.lang.foreign.MemorySegment;

/** A protection domain whose registrations and queue pairs are in a ledger. */
final class LedgerProtectionDomain implements ProtectionDomain {
    private final ResourceLedger ledger;
    private final String owner;
    private final String device;
    private final ProtectionDomain domain;
    private final ResourceLedger.Closer entry;

    LedgerProtectionDomain(ResourceLedger ledger, String owner, String device, ProtectionDomain domain) {
        this.ledger = ledger;
        this.owner = owner;
        this.device = device;
        this.domain = domain;
        this.entry = ledger.opened(ResourceLedger.Kind.PROTECTION_DOMAIN, "of " + device, 0, owner);
    }

    @Override
    public MemoryRegion register(MemorySegment memory, boolean remoteWrite) throws RdmaException {
        MemoryRegion region = domain.register(memory, remoteWrite);
        String name = "%#x of %s, %s".formatted(region.address(), device, remoteWrite ? "remote write" : "local");
        return new Region(region, ledger.opened(ResourceLedger.Kind.MEMORY_REGION, name, region.length(), owner));
    }

    @Override
    public QueuePair createQueuePair(CompletionQueue queue, QueuePairCapacity capacity) throws RdmaException {
        CompletionQueue own = queue instanceof LedgerCompletionQueue decorated ? decorated.device() : queue;
        QueuePair queuePair = domain.createQueuePair(own, capacity);
        String name = "%d of %s".formatted(queuePair.number(), device);
        return new LedgerQueuePair(queuePair, ledger.opened(ResourceLedger.Kind.QUEUE_PAIR, name, 0, owner));
    }

    @Override
    public void close() {
        domain.close();
        entry.closed();
    }

    private record Region(MemoryRegion region, ResourceLedger.Closer entry) implements MemoryRegion {
        @Override
        public long address() {
            return region.address();
        }

        @Override
        public long length() {
            return region.length();
        }

        @Override
        public int localKey() {
            return region.localKey();
        }

        @Override
        public int remoteKey() {
            return region.remoteKey();
        }

        @Override
        public void close() {
            region.close();
            entry.closed();
        }
    }
}
