package io.smc4j.rdma.ibverbs;

import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.RdmaException;

/** Asks the device, by making a queue pair, how many bytes it takes inline: no attribute says so. */
final class InlineProbe {
    private InlineProbe() {}

    /** {@code wanted}, or 0 if queue pairs with so much cannot be made. */
    static int inlineBytes(IbDevice device, int wanted) throws RdmaException {
        try (ProtectionDomain domain = device.allocateProtectionDomain();
                IbCompletionQueue queue = (IbCompletionQueue) device.createCompletionQueue(1)) {
            IbQueuePair queuePair =
                    IbQueuePair.create((IbProtectionDomain) domain, queue, new QueuePairCapacity(1, 1, 1), wanted);
            int granted = queuePair.inlineBytes();
            queuePair.close();
            return granted >= wanted ? wanted : 0;
        }
    }
}
